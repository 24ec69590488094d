using System;
using System.Linq;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

[Trait("Category", "Golden")]
public sealed class MergingGoldenTests
{
    private const double Tolerance = 1e-6;

    [Theory]
    [FixtureData("merging baselines")]
    public void WeightedSum_Average_MatchesReference(string name) =>
        Compare(name, "simple_average.", static count => 1f / count, withBase: false);

    [Theory]
    [FixtureData("merging baselines")]
    public void WeightedSum_TaskArithmetic_MatchesReference(string name)
    {
        Compare(name, "task_arithmetic_0.3.", static _ => 0.3f, withBase: true);
        Compare(name, "task_arithmetic_1.0.", static _ => 1f, withBase: true);
    }

    private static void Compare(string name, string prefix, Func<int, float> weight, bool withBase)
    {
        FixtureFolder folder = FixtureFolder.Named(name);
        using SafetensorsFile inputs = SafetensorsFile.Open(folder.File("inputs.safetensors"));
        using SafetensorsFile expected = SafetensorsFile.Open(folder.File("expected.safetensors"));
        TensorEntry[] results = [.. expected.Entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal))];
        Assert.NotEmpty(results);
        foreach (IBackend backend in TestBackends.All())
        {
            using IBackend owned = backend;
            foreach (TensorEntry result in results)
            {
                string tensor = result.Name[prefix.Length..];
                Merge(backend, inputs, tensor, weight, withBase, expected.ReadDoubles(result.Name));
            }
        }
    }

    private static void Merge(
        IBackend backend, SafetensorsFile inputs, string tensor, Func<int, float> weight, bool withBase, double[] expected)
    {
        int models = inputs.Entries.Count(entry =>
            entry.Name.StartsWith("model.", StringComparison.Ordinal) && entry.Name.EndsWith("." + tensor, StringComparison.Ordinal));
        Assert.True(models > 1);
        TensorRef[] experts = [.. Enumerable.Range(0, models).Select(i => inputs.Tensor($"model.{i}.{tensor}"))];
        DType dtype = backend.Info.ComputeType;
        using Arena arena = backend.CreateArena(
            "merge", Arena.AlignedSize(dtype, new Shape(models)) + Arena.AlignedSize(dtype, experts[0].Shape));
        TensorRef weights = arena.Allocate("weights", dtype, new Shape(models));
        TensorRef output = arena.Allocate("output", dtype, experts[0].Shape);
        backend.Fill(weights, weight(models));
        backend.WeightedSum(new WeightedSumArgs
        {
            Base = withBase ? inputs.Tensor($"base.{tensor}") : default,
            Experts = experts,
            Weights = weights,
            Output = output,
        });
        GoldenAssert.Close(backend, tensor, expected, output, Tolerance);
    }
}
