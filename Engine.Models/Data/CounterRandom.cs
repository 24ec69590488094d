using System;

namespace Engine.Models;

/// <summary>
/// Random numbers by position instead of by state: the same seed, stream and index give the same number on every machine, so
/// that an interrupted run continues from its step number alone. Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random
/// numbers: as easy as 1, 2, 3", SC 2011): the seed is the key, index and stream are the counter.
/// </summary>
/// <param name="seed">The run's seed.</param>
/// <param name="stream">Separates independent uses of one seed.</param>
public readonly struct CounterRandom(ulong seed, ulong stream)
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    /// <summary>The seed.</summary>
    public ulong Seed => seed;

    /// <summary>The stream.</summary>
    public ulong Stream => stream;

    /// <summary>64 random bits.</summary>
    /// <param name="index">Position in the stream.</param>
    public ulong Bits(ulong index)
    {
        (ulong low, ulong high) = Block(index >> 1);
        return (index & 1) == 0 ? low : high;
    }

    /// <summary>A number in [0, 1), a multiple of 2^-53.</summary>
    /// <param name="index">Position in the stream.</param>
    public double Uniform(ulong index) => ToUnit(Bits(index));

    /// <summary>A standard normal number (Box and Muller 1958); positions 2k and 2k + 1 are independent.</summary>
    /// <param name="index">Position in the stream.</param>
    public double Normal(ulong index)
    {
        (ulong low, ulong high) = Block(index >> 1);
        // 1 - u lies in (0, 1]: the logarithm stays finite.
        double radius = Math.Sqrt(-2 * Math.Log(1 - ToUnit(low)));
        double angle = 2 * Math.PI * ToUnit(high);
        return radius * ((index & 1) == 0 ? Math.Cos(angle) : Math.Sin(angle));
    }

    /// <summary>An integer from 0 to <paramref name="bound"/> - 1; no value is more than 2^-32 likelier than another.</summary>
    /// <param name="index">Position in the stream.</param>
    /// <param name="bound">At least 1.</param>
    public int Below(ulong index, int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(Bits(index), (ulong)bound, out _);
    }

    /// <summary>A random order of 0 to n - 1 (Fisher and Yates); uses positions 0 to n - 1.</summary>
    /// <param name="destination">Receives the permutation; n is its length.</param>
    public void Permutation(Span<int> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = i;
        }

        for (int i = destination.Length - 1; i > 0; i--)
        {
            int j = Below((ulong)i, i + 1);
            (destination[i], destination[j]) = (destination[j], destination[i]);
        }
    }

    /// <summary>Ten rounds of Philox on a counter of four and a key of two 32-bit words.</summary>
    internal static (uint X0, uint X1, uint X2, uint X3) Philox(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0;
            ulong product1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ k0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ k1, (uint)product0);
            k0 = unchecked(k0 + Weyl0);
            k1 = unchecked(k1 + Weyl1);
        }

        return (c0, c1, c2, c3);
    }

    private static double ToUnit(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    private (ulong Low, ulong High) Block(ulong counter)
    {
        (uint x0, uint x1, uint x2, uint x3) = Philox(
            (uint)counter, (uint)(counter >> 32), (uint)stream, (uint)(stream >> 32), (uint)seed, (uint)(seed >> 32));
        return (((ulong)x1 << 32) | x0, ((ulong)x3 << 32) | x2);
    }
}
