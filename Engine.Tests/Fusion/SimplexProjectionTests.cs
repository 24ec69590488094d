using System;
using System.Linq;
using CsCheck;
using Engine.Fusion;
using Xunit;

namespace Engine.Tests;

public sealed class SimplexProjectionTests
{
    [Theory]
    [InlineData(new[] { 0.2, 0.3, 0.5 }, new[] { 0.2, 0.3, 0.5 })]
    [InlineData(new[] { 5.0, 0, 0 }, new[] { 1.0, 0, 0 })]
    [InlineData(new[] { 0.0, 0, 0 }, new[] { 1.0 / 3, 1.0 / 3, 1.0 / 3 })]
    [InlineData(new[] { 1.0, 0.8, -4 }, new[] { 0.6, 0.4, 0 })]
    [InlineData(new[] { -7.0 }, new[] { 1.0 })]
    public void Project_KnownPoints_GivesTheNearest(double[] point, double[] expected)
    {
        SimplexProjection.Project(point, new double[point.Length]);
        Assert.All(Enumerable.Range(0, point.Length), i => Assert.Equal(expected[i], point[i], 1e-15));
    }

    [Fact]
    public void Project_AnyPoint_HasItsResidualAgainstTheSimplex()
    {
        // y is the projection of x exactly if (x - y) . (v - y) ≤ 0 for every vertex v.
        Gen.Double[-3, 3].Array[1, 8].Sample(point =>
        {
            double[] projected = [.. point];
            SimplexProjection.Project(projected, new double[point.Length]);
            double inner = point.Zip(projected, (x, y) => (x - y) * y).Sum();
            Assert.Equal(1, projected.Sum(), 1e-12);
            Assert.All(projected, y => Assert.True(y >= 0));
            Assert.All(Enumerable.Range(0, point.Length), v => Assert.True(point[v] - projected[v] - inner <= 1e-12));
        });
    }

    [Fact]
    public void Project_ScratchOfWrongLength_Throws() =>
        Assert.Throws<ArgumentException>(() => SimplexProjection.Project([1, 2], new double[3]));
}
