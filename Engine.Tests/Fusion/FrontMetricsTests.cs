using System;
using System.Linq;
using Engine.Fusion;
using Xunit;

namespace Engine.Tests;

public sealed class FrontMetricsTests
{
    [Fact]
    public void NonDominated_DuplicatesAndTies_KeepsEqualPointsAndDropsDominatedOnes()
    {
        double[][] points = [[1, 2], [1, 2], [1, 3], [2, 1], [3, 3]];
        Assert.Equal([true, true, false, true, false], NonDominated.Mask(points, OptimizationSense.Minimize));
        Assert.Equal([false, false, false, false, true], NonDominated.Mask(points, OptimizationSense.Maximize));
    }

    [Fact]
    public void Spacing_EvenAndUneven_IsTheDeviationOfNeighbourDistances()
    {
        Assert.Equal(0, Spacing.Of([[0, 2], [1, 1], [2, 0]]));
        Assert.Equal(0, Spacing.Of([[0, 2]]));

        // Neighbour distances 2, 2, 6.
        Assert.Equal(Math.Sqrt(32.0 / 9), Spacing.Of([[0, 4], [1, 3], [4, 0]]), 1e-12);
    }

    [Fact]
    public void Uniformity_OnTheRay_IsOne()
    {
        Assert.Equal(1, Uniformity.Of([0.3, 0.6], [2.0 / 3, 1.0 / 3]), 1e-15);
        Assert.Equal(1 - 0.130812, Uniformity.Of([0.9, 0.3], [0.5, 0.5]), 1e-6);
        Assert.Equal(1 - Math.Log(2), Uniformity.Of([0.9, 0.3], [1, 0]), 1e-12);
    }

    [Fact]
    public void Uniformity_NegativeOrZeroProducts_Throws()
    {
        Assert.Throws<ArgumentException>(() => Uniformity.Of([-0.1, 1], [0.5, 0.5]));
        Assert.Throws<ArgumentException>(() => Uniformity.Of([0, 1], [1, 0]));
        Assert.Throws<ArgumentException>(() => Uniformity.Of([1, 1], [1]));
    }

    [Fact]
    public void Spearman_MonotoneReversedAndTied_KnownValues()
    {
        Assert.Equal(1, PreferenceAlignment.Spearman([0, 0.5, 1], [1, 10, 11]), 1e-15);
        Assert.Equal(-1, PreferenceAlignment.Spearman([0, 0.5, 1], [3, 2, -5]), 1e-15);

        // Ranks 1 2 3 4 against 1.5 1.5 3 4.
        Assert.Equal(4.5 / Math.Sqrt(5 * 4.5), PreferenceAlignment.Spearman([1, 2, 3, 4], [7, 7, 8, 9]), 1e-15);
        Assert.True(double.IsNaN(PreferenceAlignment.Spearman([1, 2], [5, 5])));
    }

    [Fact]
    public void MonotonicityViolations_LevelsAveraged_CountsDrops()
    {
        Assert.Equal(0, PreferenceAlignment.MonotonicityViolations([1, 0, 0.5], [0.9, 0.1, 0.5]));
        Assert.Equal(1, PreferenceAlignment.MonotonicityViolations([0, 0.25, 0.5, 0.75], [0.1, 0.5, 0.4, 0.6]));
        Assert.Equal(0, PreferenceAlignment.MonotonicityViolations([0, 0.25, 0.5, 0.75], [0.1, 0.5, 0.4, 0.6], tolerance: 0.2));
        Assert.Equal(0, PreferenceAlignment.MonotonicityViolations([0, 0, 1], [0.4, 0.6, 0.5]));
    }

    [Theory]
    [InlineData(2, 11, 11)]
    [InlineData(3, 11, 66)]
    [InlineData(8, 2, 8)]
    [InlineData(1, 5, 1)]
    public void SimplexGrid_PaperSizes_CountsAndSums(int objectives, int pointsPerEdge, int expected)
    {
        double[][] grid = [.. SimplexGrid.Generate(objectives, pointsPerEdge)];
        Assert.Equal(expected, grid.Length);
        Assert.Equal(expected, SimplexGrid.Count(objectives, pointsPerEdge));
        Assert.All(grid, point => Assert.Equal(1, point.Sum(), 1e-12));
        Assert.Equal(expected, grid.Select(point => string.Join(' ', point)).Distinct().Count());
    }

    [Fact]
    public void SimplexGrid_SmallGrids_StatedOrder()
    {
        Assert.Equal([[0, 1], [0.5, 0.5], [1, 0]], SimplexGrid.Generate(2, 3));
        Assert.Equal([[0, 0, 1], [0, 1, 0], [1, 0, 0]], SimplexGrid.Generate(3, 2));
    }
}
