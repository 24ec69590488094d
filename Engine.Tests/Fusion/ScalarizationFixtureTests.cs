using System.Linq;
using System.Text.Json;
using Engine.Fusion;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

[Trait("Category", "Golden")]
public sealed class ScalarizationFixtureTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [FixtureData("EPO", Contains = true)]
    public void EpoSolver_EveryCase_EqualsTheReference(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        using SafetensorsFile file = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        Assert.All(fixture.Meta.GetProperty("cases").EnumerateArray(), meta => CheckEpo(file, meta));
    }

    [Theory]
    [FixtureData("MGDA", Contains = true)]
    public void MgdaSolver_EveryCase_EqualsTheReference(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        using SafetensorsFile file = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        Assert.All(fixture.Meta.GetProperty("cases").EnumerateArray(), meta => CheckMgda(file, meta));
    }

    private static void CheckEpo(SafetensorsFile file, JsonElement meta)
    {
        string prefix = $"case.{meta.GetProperty("i").GetInt32()}.";
        double[] losses = file.ReadDoubles(prefix + "losses");
        EpoSolver solver = new(losses.Length);
        double[] weights = new double[losses.Length];
        EpoResult result = solver.Solve(losses, file.ReadDoubles(prefix + "ray"), file.ReadDoubles(prefix + "GG"), weights);
        EpoMode mode = meta.GetProperty("solved").GetBoolean()
            ? meta.GetProperty("mode").GetString() == "bal" ? EpoMode.Balance : EpoMode.Dominance
            : EpoMode.Preference;
        Assert.Equal(mode, result.Mode);
        AssertClose(file.ReadDoubles(prefix + "alpha"), weights);
        double loss = weights.Zip(losses, (w, l) => losses.Length * w * l).Sum();
        AssertClose(file.ReadDoubles(prefix + "weighted_loss"), [loss]);
        if (file.Contains(prefix + "mu"))
        {
            AssertClose(file.ReadDoubles(prefix + "mu"), [result.NonUniformity]);
            AssertClose(file.ReadDoubles(prefix + "adjustments"), solver.Adjustment.ToArray());
        }
    }

    private static void CheckMgda(SafetensorsFile file, JsonElement meta)
    {
        string prefix = $"case.{meta.GetProperty("i").GetInt32()}.";
        int tasks = (int)file[prefix + "G"].Shape[0];
        double[] gradients = file.ReadDoubles(prefix + "G");
        double[][] rows = [.. gradients.Chunk(gradients.Length / tasks)];
        double[] gram = [.. rows.SelectMany(a => rows.Select(b => RouterOracle.Dot(a, b)))];
        double[] weights = new double[tasks];
        double cost = new MgdaSolver(tasks).Solve(gram, weights);
        AssertClose(file.ReadDoubles(prefix + "ref_alpha"), weights);
        AssertClose(file.ReadDoubles(prefix + "ref_cost"), [cost]);

        double[] exact = new double[tasks];
        double minimum = new MinimumNormPoint(tasks).Solve(gram, exact);
        AssertClose(file.ReadDoubles(prefix + "exact_alpha"), exact);
        AssertClose(file.ReadDoubles(prefix + "exact_min_norm_sq"), [minimum]);
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = expected.Max(System.Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance * System.Math.Max(largest, 1)));
    }
}
