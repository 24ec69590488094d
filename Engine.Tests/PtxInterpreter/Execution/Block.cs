using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Engine.PtxInterpreter;


/// <summary>Runs thread blocks, one after another: their warps, their shared memory and their barriers.</summary>
internal sealed class Block
{
    private const int LongestTurn = 64;

    private readonly Launch _launch;
    private readonly LaunchReport _report;
    private readonly Warp[] _warps;
    private readonly MemoryRegion?[] _recentRegions;
    private readonly int _threads;
    private int _index;

    public Block(Launch launch, LaunchReport report)
    {
        _launch = launch;
        _report = report;
        _threads = launch.BlockSize.Count;
        _recentRegions = new MemoryRegion?[Kernel.MemoryInstructions];
        Shared = new SharedMemory(this, Kernel.SharedBytes + launch.DynamicShared, Kernel.SharedGranule);
        _warps = new Warp[(_threads + Warp.Lanes - 1) / Warp.Lanes];
        for (int w = 0; w < _warps.Length; w++)
        {
            _warps[w] = new Warp(this, w, Math.Min(Warp.Lanes, _threads - (w * Warp.Lanes)));
        }
    }

    public CompiledKernel Kernel => _launch.Kernel;

    public GlobalMemory Memory => _launch.Memory;

    public byte[] Parameters => _launch.Parameters;

    public SharedMemory Shared { get; }

    /// <summary>Counts the barriers that the whole block passed.</summary>
    public int Epoch { get; private set; }

    /// <summary>How often each instruction was executed.</summary>
    public long[] Executed => _report.Executed;

    /// <summary>The counters of an instruction's memory accesses, or null if they are not wanted.</summary>
    public AccessCounters? CountersOf(int instruction) =>
        _launch.Options.CollectCounters ? _report.CountersOf(instruction) : null;

    private string Place => _launch.Grid.At(_index).ToString();

    /// <summary>The region of global memory that an instruction accessed last.</summary>
    public ref MemoryRegion? RecentRegion(int memoryInstruction) => ref _recentRegions[memoryInstruction];

    /// <summary>Runs all warps of a block to their end, each from barrier to barrier or in random short turns.</summary>
    /// <param name="index">The block's index in the grid.</param>
    public void Run(int index)
    {
        Dim3 position = _launch.Grid.At(index);
        _index = index;
        Epoch = 1;
        Shared.Clear();
        foreach (Warp warp in _warps)
        {
            warp.Start();
            _launch.Prepare(warp, position);
        }

        Random? random = _launch.Options.Seed is int seed
            ? new Random((((((seed * 31) + position.X) * 31) + position.Y) * 31) + position.Z)
            : null;
        long left = _launch.Options.MaxInstructions;
        List<Warp> ready = new(_warps.Length);
        while (Array.Exists(_warps, warp => warp.State != WarpState.Done))
        {
            ready.Clear();
            ready.AddRange(_warps.Where(warp => warp.State == WarpState.Ready));
            if (ready.Count == 0)
            {
                ReleaseBarriers();
            }
            else if (random is null)
            {
                foreach (Warp warp in ready)
                {
                    RunWarp(warp, left, ref left);
                }
            }
            else
            {
                RunWarp(ready[random.Next(ready.Count)], random.Next(1, LongestTurn), ref left);
            }
        }
    }

    private void RunWarp(Warp warp, long most, ref long left)
    {
        left -= warp.Run(Math.Min(most, left));
        if (left <= 0)
        {
            throw new PtxExecutionException($"block {Place} ran {_launch.Options.MaxInstructions} instructions without end", warp.Line);
        }
    }

    // All warps wait or are done: let go each barrier whose threads have all arrived.
    private void ReleaseBarriers()
    {
        bool released = false;
        IGrouping<int, Warp>[] barriers =
            [.. _warps.Where(warp => warp.State == WarpState.AtBarrier).GroupBy(warp => warp.Barrier)];
        foreach (IGrouping<int, Warp> barrier in barriers)
        {
            Warp[] arrived = [.. barrier];
            int expected = arrived[0].BarrierThreads;
            bool whole = expected == 0 || expected >= _threads;
            int gone = _warps.Count(warp => warp.State == WarpState.Done);
            if (whole ? arrived.Length + gone < _warps.Length : arrived.Length * Warp.Lanes < expected)
            {
                continue;
            }

            if (whole && gone > 0)
            {
                Add(FindingKind.ExitWhileOthersWait, arrived[0], 0, $"{gone} warps exited while others wait at a barrier");
            }

            if (whole)
            {
                Epoch++;
            }

            int votes = arrived.Sum(warp => warp.BarrierVotes);
            int threads = arrived.Sum(warp => BitOperations.PopCount(warp.Live));
            foreach (Warp warp in arrived)
            {
                warp.Release(votes, threads);
            }

            released = true;
        }

        if (!released)
        {
            IEnumerable<string> places = barriers.SelectMany(barrier => barrier)
                .Select(warp => $"warp {warp.Index} at line {warp.Line}, barrier {warp.Barrier}");
            throw new PtxExecutionException($"block {Place}: barriers never meet: {string.Join("; ", places)}", 0);
        }
    }

    /// <summary>Notes a finding at the instruction that a warp runs now.</summary>
    public void Add(FindingKind kind, Warp warp, int lane, FormattableString message) => _report.Add(
        kind,
        warp.Line,
        _index,
        () => FormattableString.Invariant($"block {Place}, thread {(warp.Index * Warp.Lanes) + lane}: {message}"));
}
