using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;

namespace Engine.Fusion;

/// <summary>
/// Base and experts for a backend that does not read the processor's memory. If its memory suffices they are copied there once; otherwise
/// there is room for the largest parameter, and every merge and contraction copies its own again.
/// </summary>
internal sealed class DeviceMembers : IDisposable
{
    private readonly IBackend _backend;
    private readonly Arena _arena;
    private readonly Dictionary<StoredMember, StoredMember> _places = new(ReferenceEqualityComparer.Instance);

    /// <param name="backend">Where they will lie.</param>
    /// <param name="members">All parameters, in host memory.</param>
    /// <param name="streamed">Copy again for every use.</param>
    /// <exception cref="BackendException">The device has no memory for them.</exception>
    public DeviceMembers(IBackend backend, IReadOnlyCollection<StoredMember> members, bool streamed)
    {
        IsStreamed = streamed;
        _backend = backend;
        _arena = streamed
            ? backend.CreateArena("one parameter of base and experts", members.Max(static member => member.ByteLength))
            : backend.CreateArena("base and experts", members.Sum(static member => member.ByteLength));
        foreach (StoredMember member in members)
        {
            if (streamed)
            {
                _arena.Reset();
            }

            StoredMember place = member.PlaceIn(_arena);
            _places.Add(member, place);
            if (!streamed)
            {
                member.CopyTo(backend, place);
                member.ReleasePages();
            }
        }
    }

    /// <summary>True if every use copies.</summary>
    public bool IsStreamed { get; }

    /// <summary>One parameter on the device, until the next one is asked for.</summary>
    /// <param name="member">In host memory.</param>
    public StoredMember this[StoredMember member]
    {
        get
        {
            StoredMember place = _places[member];
            if (IsStreamed)
            {
                member.CopyTo(_backend, place);
            }

            return place;
        }
    }

    /// <summary>All of them if there is room, else one parameter at a time.</summary>
    /// <exception cref="BackendException">Not even that fits.</exception>
    public static DeviceMembers Create(IBackend backend, IReadOnlyCollection<StoredMember> members)
    {
        try
        {
            return new DeviceMembers(backend, members, streamed: false);
        }
        catch (BackendException)
        {
            return new DeviceMembers(backend, members, streamed: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();
}
