using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class EpochSamplerTests
{
    [Fact]
    public void Sample_OneEpoch_NeverRepeatsAndDropsThePartialBatch()
    {
        EpochSampler sampler = new(new EmptyShell(23), 5, seed: 1);
        Assert.Equal(4, sampler.StepsPerEpoch);
        List<int> first = Draw(sampler, 0, 4);
        List<int> second = Draw(sampler, 4, 4);
        Assert.Equal(20, first.Distinct().Count());
        Assert.Equal(20, second.Distinct().Count());
        Assert.All(first, static index => Assert.InRange(index, 0, 22));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Sample_ResumedInAnyOrder_GivesTheSameBatches()
    {
        EpochSampler sampler = new(new EmptyShell(23), 5, seed: 1);
        List<int> whole = Draw(sampler, 0, 12);
        EpochSampler resumed = new(new EmptyShell(23), 5, seed: 1);
        for (int step = 11; step >= 0; step--)
        {
            Assert.Equal(whole.Skip(step * 5).Take(5), Draw(resumed, step, 1));
        }
    }

    [Fact]
    public void Sample_OtherSeed_GivesAnotherOrder() =>
        Assert.NotEqual(Draw(new EpochSampler(new EmptyShell(50), 50, 1), 0, 1), Draw(new EpochSampler(new EmptyShell(50), 50, 2), 0, 1));

    [Fact]
    public void Sample_AcrossEpochs_AllocatesNothing()
    {
        EpochSampler sampler = new(new EmptyShell(8), 5, seed: 1);
        int[] indices = new int[5];
        int step = 0;
        AllocationAssert.None(() => sampler.Sample(step++, indices));
    }

    [Fact]
    public void Constructor_FewerExamplesThanABatch_IsADataError()
    {
        DataException error = Assert.Throws<DataException>(() => new EpochSampler(new EmptyShell(3), 4, 1));
        Assert.Contains("'shell' has 3 examples, fewer than a batch of 4", error.Message, StringComparison.Ordinal);
    }

    private static List<int> Draw(EpochSampler sampler, int firstStep, int steps)
    {
        List<int> drawn = [];
        int[] indices = new int[sampler.BatchSize];
        for (int step = firstStep; step < firstStep + steps; step++)
        {
            sampler.Sample(step, indices);
            drawn.AddRange(indices);
        }

        return drawn;
    }

    private sealed class EmptyShell(int count) : IDataset
    {
        public string Name => "shell";

        public int Count => count;

        public int ClassCount => 1;

        public Batch CreateBatch(int capacity) => throw new NotSupportedException();

        public void Fill(Batch batch, ReadOnlySpan<int> indices) => throw new NotSupportedException();
    }
}
