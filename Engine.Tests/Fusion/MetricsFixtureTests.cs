using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Engine.Fusion;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

[Trait("Category", "Golden")]
public sealed class MetricsFixtureTests
{
    [Theory]
    [FixtureData("hypervolume", Contains = true)]
    public void Hypervolume_EveryCase_EqualsTheExactValue(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        using SafetensorsFile file = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        Assert.All(fixture.Meta.GetProperty("cases").EnumerateArray(), meta => Check(file, meta));
    }

    [Theory]
    [FixtureData("simplex", Contains = true)]
    public void SimplexGrid_EveryGrid_SamePointsInTheSameOrder(string name)
    {
        using SafetensorsFile file = SafetensorsFile.Open(FixtureFolder.Named(name).File("expected.safetensors"));
        Assert.NotEmpty(file.Entries);
        foreach (TensorEntry entry in file.Entries)
        {
            int pointsPerEdge = int.Parse(entry.Name.Split('.')[^1], CultureInfo.InvariantCulture);
            IReadOnlyList<double[]> grid = SimplexGrid.Generate((int)entry.Shape[1], pointsPerEdge);
            double[] expected = file.ReadDoubles(entry.Name);
            Assert.Equal(entry.Shape[0], grid.Count);
            Assert.All(expected.Zip(grid.SelectMany(point => point)), pair => Assert.Equal(pair.First, pair.Second, 1e-7));
        }
    }

    private static void Check(SafetensorsFile file, JsonElement meta)
    {
        string prefix = $"case.{meta.GetProperty("i").GetInt32()}.";
        double[] reference = file.ReadDoubles(prefix + "ref");
        double[][] points = [.. file.ReadDoubles(prefix + "points").Chunk(reference.Length)];
        OptimizationSense sense = meta.GetProperty("sense").GetString() == "max" ? OptimizationSense.Maximize : OptimizationSense.Minimize;
        double expected = file.ReadDoubles(prefix + "hv")[0];
        Assert.Equal(expected, Hypervolume.Of(points, reference, sense), 1e-12 * Math.Max(expected, 1));
        Assert.Equal(file.ReadDoubles(prefix + "nondominated").Select(kept => kept != 0), NonDominated.Mask(points, sense));
    }
}
