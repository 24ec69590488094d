using System;
using System.Linq;
using CsCheck;
using Engine.Fusion;
using Xunit;

namespace Engine.Tests;

public sealed class HypervolumeTests
{
    private static readonly Gen<double[][]> Fronts =
        from objectives in Gen.Int[1, 6]
        from points in Gen.Double[0, 1.2].Array[objectives].Array[1, 8]
        select points;

    public static TheoryData<double[][], double> Table => new()
    {
        { [[0.1, 0.6], [0.3, 0.3], [0.7, 0.1]], 0.63 },
        { [[0.2, 0.5, 0.5], [0.5, 0.2, 0.5], [0.5, 0.5, 0.2]], 0.35 },
        { [[0.2, 0.5, 0.5, 0.3], [0.5, 0.2, 0.5, 0.6], [0.5, 0.5, 0.2, 0.4]], 0.215 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Of_WorkedExamples_InBothSenses(double[][] points, double expected)
    {
        double[] one = [.. Enumerable.Repeat(1.0, points[0].Length)];
        double[][] mirrored = [.. points.Select(point => point.Select(x => 1 - x).ToArray())];
        Assert.Equal(expected, Hypervolume.Of(points, one, OptimizationSense.Minimize), 1e-12);
        Assert.Equal(expected, Hypervolume.Of(mirrored, new double[one.Length], OptimizationSense.Maximize), 1e-12);
    }

    [Fact]
    public void Of_RandomPoints_EqualsInclusionExclusion() => Fronts.Sample(points =>
    {
        double[] one = [.. Enumerable.Repeat(1.0, points[0].Length)];
        Assert.Equal(InclusionExclusion(points), Hypervolume.Of(points, one, OptimizationSense.Minimize), 1e-12);
    });

    [Fact]
    public void Of_DominatedRepeatedOrPermutedPoints_IsUnchanged() => Fronts.Sample(points =>
    {
        double[] one = [.. Enumerable.Repeat(1.0, points[0].Length)];
        double[][] more = [.. points.Reverse(), points[0], [.. points[0].Select(x => x + 0.01)]];
        double volume = Hypervolume.Of(points, one, OptimizationSense.Minimize);
        Assert.Equal(volume, Hypervolume.Of(more, one, OptimizationSense.Minimize), 1e-12);
    });

    [Fact]
    public void Of_NothingBetterThanTheReference_IsZero()
    {
        Assert.Equal(0, Hypervolume.Of([], [1, 1], OptimizationSense.Minimize));
        Assert.Equal(0, Hypervolume.Of([[0.5, 1], [2, 0]], [1, 1], OptimizationSense.Minimize));
    }

    [Fact]
    public void Of_ManyPointsInFiveObjectives_IsBetweenItsBestBoxAndTheUnitCube()
    {
        Random random = new(1);
        double[][] points = [.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 5).Select(_ => random.NextDouble()).ToArray())];
        double best = points.Max(point => point.Aggregate(1.0, (product, x) => product * x));
        Assert.InRange(Hypervolume.Of(points, new double[5], OptimizationSense.Maximize), best * 1.01, 1);
    }

    [Fact]
    public void Of_WrongReferenceOrNaN_Throws()
    {
        Assert.Throws<ArgumentException>(() => Hypervolume.Of([[0, 0]], [1, 1, 1], OptimizationSense.Minimize));
        Assert.Throws<ArgumentException>(() => Hypervolume.Of([[0, 0], [0]], [1, 1], OptimizationSense.Minimize));
        Assert.Throws<ArgumentException>(() => Hypervolume.Of([[0, double.NaN]], [1, 1], OptimizationSense.Minimize));
    }

    /// <summary>Σ over non-empty subsets of (-1)^(size + 1) times the volume of the subset's common box.</summary>
    private static double InclusionExclusion(double[][] points)
    {
        double volume = 0;
        for (int subset = 1; subset < 1 << points.Length; subset++)
        {
            double common = 1;
            for (int k = 0; k < points[0].Length; k++)
            {
                common *= Math.Max(1 - points.Where((_, i) => (subset >> i & 1) == 1).Max(point => point[k]), 0);
            }

            volume += int.PopCount(subset) % 2 == 1 ? common : -common;
        }

        return volume;
    }
}
