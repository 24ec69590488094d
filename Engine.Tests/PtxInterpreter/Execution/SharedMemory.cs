using System;
using System.Numerics;

namespace Engine.PtxInterpreter;


/// <summary>
/// The shared memory of a block, with a shadow that finds data races: two threads touching the same bytes, at least one writing, with no
/// barrier between. The shadow knows block barriers and bar.warp.sync, so a missing barrier is found however the threads happened to be
/// scheduled. It keeps an entry per granule, the size of the kernel's smallest access: accesses are aligned, so none touches a part of one.
/// Barriers of a part of the block do not count.
/// </summary>
internal sealed class SharedMemory
{
    /// <summary>The address of the first byte; the space below is never valid.</summary>
    public const ulong FirstAddress = 0x400;

    /// <summary>The alignment that the widest accesses need, and the largest granule.</summary>
    public const int WidestAlignment = 16;

    private const int Nobody = -1;
    private const int ManyInWarp = -2;
    private const int ManyWarps = -3;

    private struct Shadow
    {
        public int Writer;
        public int WriteEpoch;
        public int WriteWarpEpoch;
        public int Reader;
        public int ReadEpoch;
        public int ReadWarpEpoch;
        public int ReaderWarp;
        public bool Written;
        public bool Atomic;
        public bool Pending;
    }

    private readonly Block _block;
    private readonly byte[] _data;
    private readonly Shadow[] _shadows;
    private readonly int _granuleShift;

    public SharedMemory(Block block, int bytes, int granule)
    {
        _block = block;
        _data = new byte[bytes];
        _shadows = new Shadow[(bytes + granule - 1) / granule];
        _granuleShift = BitOperations.Log2((uint)granule);
    }

    /// <summary>Forgets everything, for a new block.</summary>
    public void Clear()
    {
        Array.Fill(_data, (byte)0xFF);
        Array.Fill(_shadows, new Shadow { Reader = Nobody });
    }

    /// <summary>The bytes that a thread reads.</summary>
    public ReadOnlySpan<byte> Read(Warp warp, int lane, ulong address, int bytes, bool atomic = false)
    {
        int offset = Offset(address, bytes, warp.Line);
        for (int at = offset; at < offset + bytes; at += 1 << _granuleShift)
        {
            NoteRead(warp, lane, ref _shadows[at >> _granuleShift], atomic, at);
        }

        return _data.AsSpan(offset, bytes);
    }

    /// <summary>Stores what a thread writes.</summary>
    public void Write(Warp warp, int lane, ulong address, ReadOnlySpan<byte> value, bool atomic = false)
    {
        int offset = Offset(address, value.Length, warp.Line);
        Span<byte> target = _data.AsSpan(offset, value.Length);
        for (int at = offset; at < offset + value.Length; at += 1 << _granuleShift)
        {
            ref Shadow shadow = ref _shadows[at >> _granuleShift];
            bool bothAtomic = atomic && shadow.Atomic;

            // Threads may write the same value: whoever comes last, the result is the same.
            if (!bothAtomic && WrittenUnordered(warp, lane, in shadow) && !value.SequenceEqual(target))
            {
                AddWriteRace(warp, lane, in shadow, at);
            }

            NoteWrite(warp, lane, ref shadow, atomic, at);
        }

        value.CopyTo(target);
    }

    /// <summary>Notes an asynchronous copy that started: nobody else may touch its target until it ends.</summary>
    public void BeginAsync(Warp warp, int lane, ulong address, int bytes)
    {
        int offset = Offset(address, bytes, warp.Line);
        for (int at = offset; at < offset + bytes; at += 1 << _granuleShift)
        {
            ref Shadow shadow = ref _shadows[at >> _granuleShift];
            if (WrittenUnordered(warp, lane, in shadow))
            {
                AddWriteRace(warp, lane, in shadow, at);
            }

            NoteWrite(warp, lane, ref shadow, atomic: false, at);
            shadow.Pending = true;
        }
    }

    /// <summary>Ends an asynchronous copy: its bytes become visible to the thread that waited.</summary>
    public void EndAsync(Warp warp, int lane, ulong address, ReadOnlySpan<byte> value)
    {
        int offset = Offset(address, value.Length, warp.Line);
        for (int at = offset; at < offset + value.Length; at += 1 << _granuleShift)
        {
            ref Shadow shadow = ref _shadows[at >> _granuleShift];
            shadow.Pending = false;
            shadow.Writer = Thread(warp, lane);
            shadow.WriteEpoch = _block.Epoch;
            shadow.WriteWarpEpoch = warp.Epoch;
        }

        value.CopyTo(_data.AsSpan(offset, value.Length));
    }

    private static int Thread(Warp warp, int lane) => (warp.Index * Warp.Lanes) + lane;

    private int Offset(ulong address, int bytes, int line)
    {
        ulong offset = address - FirstAddress;
        if (address < FirstAddress || offset + (ulong)bytes > (ulong)_data.Length)
        {
            throw new PtxExecutionException(
                $"shared access of {bytes} bytes at offset {(long)offset} is outside its {_data.Length} bytes", line);
        }

        return (int)offset;
    }

    private void NoteRead(Warp warp, int lane, ref Shadow shadow, bool atomic, int offset)
    {
        int thread = Thread(warp, lane);
        if (shadow.Pending)
        {
            _block.Add(FindingKind.AsyncCopyRace, warp, lane, $"reads offset {offset} of a copy still under way");
        }

        if (!shadow.Written)
        {
            _block.Add(FindingKind.UninitialisedSharedRead, warp, lane, $"reads offset {offset} before any write");
        }
        else if (!(atomic && shadow.Atomic) && WrittenUnordered(warp, lane, in shadow))
        {
            _block.Add(
                FindingKind.SharedRace, warp, lane, $"reads offset {offset} that thread {shadow.Writer} wrote with no barrier between");
        }

        if (shadow.ReadEpoch != _block.Epoch || shadow.Reader == Nobody)
        {
            shadow.Reader = thread;
            shadow.ReaderWarp = warp.Index;
        }
        else if (shadow.Reader != thread)
        {
            shadow.Reader = shadow.Reader == ManyWarps || shadow.ReaderWarp != warp.Index ? ManyWarps : ManyInWarp;
        }

        shadow.ReadEpoch = _block.Epoch;
        shadow.ReadWarpEpoch = warp.Epoch;
    }

    private void NoteWrite(Warp warp, int lane, ref Shadow shadow, bool atomic, int offset)
    {
        int thread = Thread(warp, lane);
        if (shadow.Pending)
        {
            _block.Add(FindingKind.AsyncCopyRace, warp, lane, $"writes offset {offset} of a copy still under way");
        }

        bool othersRead = shadow.Reader != Nobody && shadow.Reader != thread && !(atomic && shadow.Atomic);
        if (othersRead && (shadow.Reader == ManyWarps
            ? shadow.ReadEpoch == _block.Epoch
            : Unordered(warp, shadow.ReaderWarp, shadow.ReadEpoch, shadow.ReadWarpEpoch)))
        {
            _block.Add(
                FindingKind.SharedRace, warp, lane, $"writes offset {offset} that another thread read with no barrier between");
        }

        shadow.Written = true;
        shadow.Atomic = atomic;
        shadow.Writer = thread;
        shadow.WriteEpoch = _block.Epoch;
        shadow.WriteWarpEpoch = warp.Epoch;
    }

    private void AddWriteRace(Warp warp, int lane, in Shadow shadow, int offset) => _block.Add(
        FindingKind.SharedRace, warp, lane, $"writes offset {offset} that thread {shadow.Writer} wrote with no barrier between");

    // Whether another thread wrote here with nothing that orders its write before this access.
    private bool WrittenUnordered(Warp warp, int lane, in Shadow shadow) =>
        shadow.Written && shadow.Writer != Thread(warp, lane)
        && Unordered(warp, shadow.Writer / Warp.Lanes, shadow.WriteEpoch, shadow.WriteWarpEpoch);

    private bool Unordered(Warp warp, int otherWarp, int epoch, int warpEpoch) =>
        epoch == _block.Epoch && (otherWarp != warp.Index || warpEpoch == warp.Epoch);
}
