using System;
using Engine.Kernels.Host;
using Xunit;

namespace Engine.Tests;

public sealed unsafe class WorkerPoolTests
{
    private const int MostTiles = 64;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_ManyJobsBackToBack_ExecutesEveryTileOnce(int workers)
    {
        using WorkerPool pool = new(workers);
        int* counts = stackalloc int[MostTiles];
        int largestWorker = 0;
        for (int round = 0; round < 3000; round++)
        {
            int tiles = round % (MostTiles + 1);
            new Span<int>(counts, MostTiles).Clear();
            pool.Run(tiles, new CountingJob { Counts = counts, LargestWorker = &largestWorker, FailingTile = -1 });
            for (int tile = 0; tile < MostTiles; tile++)
            {
                Assert.Equal(tile < tiles ? 1 : 0, counts[tile]);
            }
        }

        Assert.InRange(largestWorker, 0, workers - 1);
    }

    [Fact]
    public void Run_AfterThreadsParked_ExecutesEveryTileOnce()
    {
        using WorkerPool pool = new(3);
        int* counts = stackalloc int[MostTiles];
        int largestWorker = 0;
        for (int round = 1; round <= 20; round++)
        {
            System.Threading.Thread.Sleep(2);
            pool.Run(MostTiles, new CountingJob { Counts = counts, LargestWorker = &largestWorker, FailingTile = -1 });
            for (int tile = 0; tile < MostTiles; tile++)
            {
                Assert.Equal(round, counts[tile]);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_TileThrows_RethrowsAndStaysUsable(int workers)
    {
        using WorkerPool pool = new(workers);
        int* counts = stackalloc int[MostTiles];
        int largestWorker = 0;
        int** countsOnHeap = &counts;
        int* largestOnStack = &largestWorker;
        for (int round = 0; round < 50; round++)
        {
            int failing = round % MostTiles;
            InvalidOperationException exception = Assert.Throws<InvalidOperationException>(
                () => pool.Run(
                    MostTiles, new CountingJob { Counts = *countsOnHeap, LargestWorker = largestOnStack, FailingTile = failing }));
            Assert.Equal($"tile {failing}", exception.Message);
        }

        new Span<int>(counts, MostTiles).Clear();
        pool.Run(MostTiles, new CountingJob { Counts = counts, LargestWorker = &largestWorker, FailingTile = -1 });
        Assert.Equal(MostTiles, new Span<int>(counts, MostTiles).ToArray().AsSpan().Count(1));
    }

    [Fact]
    public void Run_AfterWarmUp_AllocatesNothing()
    {
        using WorkerPool pool = new(2);
        int* counts = stackalloc int[MostTiles];
        int largestWorker = 0;
        CountingJob job = new() { Counts = counts, LargestWorker = &largestWorker, FailingTile = -1 };
        AllocationAssert.None(() => pool.Run(MostTiles, job));
    }

    [Fact]
    public void WorkerPool_NoWorkers_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerPool(0));
}
