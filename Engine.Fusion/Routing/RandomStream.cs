using System;
using System.Text;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>
/// Random streams by name, so that what is drawn for a tensor depends on the seed and its name alone: not on the order of tensors, on
/// which others there are, or on threads.
/// </summary>
public static class RandomStream
{
    private const ulong OffsetBasis = 0xCBF29CE484222325;
    private const ulong Prime = 0x100000001B3;

    /// <summary>The stream of a name: its FNV-1a hash (Fowler, Noll, Vo) of 64 bits over UTF-8.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="name">For example a tensor's full name.</param>
    public static CounterRandom Named(ulong seed, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ulong hash = OffsetBasis;
        foreach (byte value in Encoding.UTF8.GetBytes(name))
        {
            hash = unchecked((hash ^ value) * Prime);
        }

        return new CounterRandom(seed, hash);
    }
}
