using System;
using System.Linq;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class CounterRandomTests
{
    // Known answers of the Random123 library for philox4x32-10.
    [Theory]
    [InlineData(
        new uint[] { 0, 0, 0, 0 }, new uint[] { 0, 0 }, new uint[] { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 })]
    [InlineData(
        new uint[] { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
        new uint[] { 0xffffffff, 0xffffffff },
        new uint[] { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd })]
    [InlineData(
        new uint[] { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
        new uint[] { 0xa4093822, 0x299f31d0 },
        new uint[] { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 })]
    public void Philox_KnownCounters_GivesTheKnownAnswers(uint[] counter, uint[] key, uint[] expected)
    {
        (uint x0, uint x1, uint x2, uint x3) = CounterRandom.Philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
        Assert.Equal(expected, new uint[] { x0, x1, x2, x3 });
    }

    [Fact]
    public void Bits_SeedStreamAndIndex_FillKeyAndCounter()
    {
        CounterRandom random = new(0x299f31d0_a4093822, 0x03707344_13198a2e);
        const ulong Block = 0x05a308d3_243f6a88;
        (uint x0, uint x1, uint x2, uint x3) =
            CounterRandom.Philox(0x243f6a88, 0x05a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0);
        Assert.Equal(((ulong)x1 << 32) | x0, random.Bits(2 * Block));
        Assert.Equal(((ulong)x3 << 32) | x2, random.Bits((2 * Block) + 1));
    }

    [Fact]
    public void Uniform_ManyDraws_FillTheUnitIntervalEvenly()
    {
        const int Draws = 100_000;
        CounterRandom random = new(1, 2);
        int[] bins = new int[10];
        for (ulong i = 0; i < Draws; i++)
        {
            double value = random.Uniform(i);
            Assert.InRange(value, 0, 1 - Math.ScaleB(1, -53));
            bins[(int)(value * bins.Length)]++;
        }

        // Five standard deviations of a binomial count.
        double deviation = Math.Sqrt(Draws * 0.1 * 0.9);
        Assert.All(bins, count => Assert.InRange(count, (Draws / 10) - (5 * deviation), (Draws / 10) + (5 * deviation)));
    }

    [Fact]
    public void Normal_ManyDraws_HasTheMomentsOfTheNormal()
    {
        const int Draws = 100_000;
        CounterRandom random = new(3, 0);
        double[] values = [.. Enumerable.Range(0, Draws).Select(i => random.Normal((ulong)i))];
        double error = 5 / Math.Sqrt(Draws);
        Assert.InRange(values.Average(), -error, error);
        Assert.InRange(values.Average(static x => x * x), 1 - (1.5 * error), 1 + (1.5 * error));
        Assert.InRange(values.Average(static x => x * x * x * x), 3 - (10 * error), 3 + (10 * error));
        double pairs = Enumerable.Range(0, Draws / 2).Average(i => values[2 * i] * values[(2 * i) + 1]);
        Assert.InRange(pairs, -1.5 * error, 1.5 * error);
    }

    [Fact]
    public void Below_SmallBound_TakesEveryValueAboutEquallyOften()
    {
        CounterRandom random = new(4, 0);
        int[] counts = new int[3];
        for (ulong i = 0; i < 30_000; i++)
        {
            counts[random.Below(i, 3)]++;
        }

        Assert.All(counts, static count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void Permutation_AllOrdersOfFour_AreAboutEquallyOften()
    {
        int[] order = new int[4];
        int[] counts = new int[4 * 4 * 4 * 4];
        const int Draws = 24_000;
        for (ulong stream = 0; stream < Draws; stream++)
        {
            new CounterRandom(5, stream).Permutation(order);
            Assert.Equal(0b1111, order.Aggregate(0, static (seen, item) => seen | (1 << item)));
            counts[order.Aggregate(0, static (code, item) => (code * 4) + item)]++;
        }

        int[] seen = [.. counts.Where(static count => count > 0)];
        Assert.Equal(24, seen.Length);
        Assert.All(seen, static count => Assert.InRange(count, 840, 1160));
    }
}
