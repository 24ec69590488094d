using System;
using System.Collections.Generic;

namespace Engine.PtxInterpreter;


/// <summary>
/// The cp.async copies of one thread. A copy reads and writes only when it is waited for, as late as the hardware may, so a missing
/// wait shows as a read of a copy still under way.
/// </summary>
internal sealed class AsyncCopyQueue
{
    private const int MaxBytes = 16;

    private readonly record struct Copy(ulong Target, ulong Source, int Bytes, int SourceBytes);

    private readonly Queue<Copy> _copies = new();
    private readonly Queue<int> _groups = new();
    private int _uncommitted;

    /// <summary>Whether all copies have ended.</summary>
    public bool IsEmpty => _copies.Count == 0;

    /// <summary>Forgets everything, for a new thread.</summary>
    public void Clear()
    {
        _copies.Clear();
        _groups.Clear();
        _uncommitted = 0;
    }

    /// <summary>Issues a copy of at most 16 bytes; bytes beyond those of the source become zeros.</summary>
    public void Add(Warp warp, int lane, ulong target, ulong source, int bytes, int sourceBytes)
    {
        warp.Block.Shared.BeginAsync(warp, lane, target, bytes);
        if (sourceBytes > 0)
        {
            warp.Block.Memory.Access(source, sourceBytes, warp.Line);
        }

        _copies.Enqueue(new Copy(target, source, bytes, sourceBytes));
        _uncommitted++;
    }

    /// <summary>Makes a group of the copies issued since the last one.</summary>
    public void Commit()
    {
        _groups.Enqueue(_uncommitted);
        _uncommitted = 0;
    }

    /// <summary>Ends all but the most recent groups.</summary>
    public void Wait(Warp warp, int lane, int mayRemain)
    {
        while (_groups.Count > mayRemain)
        {
            Finish(warp, lane, _groups.Dequeue());
        }
    }

    /// <summary>Ends all copies, committed or not.</summary>
    public void WaitAll(Warp warp, int lane)
    {
        Wait(warp, lane, 0);
        Finish(warp, lane, _uncommitted);
        _uncommitted = 0;
    }

    private void Finish(Warp warp, int lane, int count)
    {
        Span<byte> buffer = stackalloc byte[MaxBytes];
        for (; count > 0; count--)
        {
            Copy copy = _copies.Dequeue();
            Span<byte> bytes = buffer[..copy.Bytes];
            bytes.Clear();
            if (copy.SourceBytes > 0)
            {
                warp.Block.Memory.Access(copy.Source, copy.SourceBytes, warp.Line).CopyTo(bytes);
            }

            warp.Block.Shared.EndAsync(warp, lane, copy.Target, bytes);
        }
    }
}
