using System;
using System.Threading;
using Engine.Kernels.Host;

namespace Engine.Tests;

/// <summary>Counts how often each tile runs, and fails at one of them.</summary>
internal unsafe struct CountingJob : ITileJob
{
    public int* Counts;
    public int* LargestWorker;
    public int FailingTile;

    public readonly void Execute(int tile, int worker)
    {
        Interlocked.Increment(ref Counts[tile]);
        int largest;
        while (worker > (largest = Volatile.Read(ref *LargestWorker)))
        {
            Interlocked.CompareExchange(ref *LargestWorker, worker, largest);
        }

        if (tile == FailingTile)
        {
            throw new InvalidOperationException($"tile {tile}");
        }
    }
}
