using System;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

[Trait("Category", "Golden")]
public sealed class PwemoeGoldenTests
{
    // λ and differences are float32 by definition, on every backend.
    private const double MergeTolerance = 2e-6;

    [Theory]
    [FixtureData("PWEMoE on", Contains = true)]
    public void RoutedFusion_MatchesReference(string name) => 
        TestBackends.ForAll(name, static (folder, backend) => Fuse(folder, backend));

    [Theory]
    [FixtureData("PWEMoE on", Contains = true)]
    public void Unload_MatchesReference(string name) => TestBackends.ForAll(name, Merge);

    /// <summary>Compares routing weights, losses, logits and the routers' gradients.</summary>
    /// <param name="folder">The fixture.</param>
    /// <param name="backend">Computes.</param>
    /// <param name="mostVariants">Kinds of routers to compare.</param>
    /// <param name="mostPreferences">Recorded preferences to compare.</param>
    internal static void Fuse(
        FixtureFolder folder, IBackend backend, int mostVariants = int.MaxValue, int mostPreferences = int.MaxValue)
    {
        string[] variants = [.. PwemoeFixture.Variants(folder, "expected_").Take(mostVariants)];
        Assert.NotEmpty(variants);
        foreach (string variant in variants)
        {
            using PwemoeFixture fixture = new(folder, backend);
            using SafetensorsFile expected = SafetensorsFile.Open(folder.File($"expected_{variant}.safetensors"));
            using RoutedFusion fusion = fixture.Routers(variant, folder.File($"router_{variant}.safetensors"));
            Preferences(backend, fixture, expected, fusion, mostPreferences);
        }
    }

    /// <summary>Compares the merged weights of one preference.</summary>
    internal static void Merge(FixtureFolder folder, IBackend backend)
    {
        string[] variants = [.. PwemoeFixture.Variants(folder, "merged_")];
        Assert.NotEmpty(variants);
        int index = folder.Meta.GetProperty("merged_pref_index").GetInt32();
        foreach (string variant in variants)
        {
            using PwemoeFixture fixture = new(folder, backend);
            using SafetensorsFile expected = SafetensorsFile.Open(folder.File($"expected_{variant}.safetensors"));
            using SafetensorsFile merged = SafetensorsFile.Open(folder.File($"merged_{variant}.safetensors"));
            using RoutedFusion fusion = fixture.Routers(variant, folder.File($"router_{variant}.safetensors"));
            fusion.Apply(Row(expected.ReadDoubles("prefs"), index, fixture.Tasks.Length));
            foreach (ParameterSpec parameter in fixture.Backbone.Layout.Parameters)
            {
                GoldenAssert.Close(
                    backend,
                    parameter.Name,
                    merged.ReadDoubles(parameter.Name),
                    fixture.Backbone.Parameters[parameter.Name],
                    MergeTolerance);
            }
        }
    }

    private static void Preferences(
        IBackend backend, PwemoeFixture fixture, SafetensorsFile expected, RoutedFusion fusion, int mostPreferences)
    {
        int tasks = fixture.Tasks.Length;
        double[] preferences = expected.ReadDoubles("prefs");
        using LinearScalarization linear = new(fusion, fixture.Tasks);
        using EpoScalarization epo = new(fusion, fixture.Tasks);
        for (int p = 0; p < Math.Min(mostPreferences, preferences.Length / tasks); p++)
        {
            float[] preference = Row(preferences, p, tasks);
            string prefix = $"pref.{p}.";
            linear.Evaluate(preference, fixture.Batches);
            Routing(expected, prefix, fusion);
            GoldenAssert.Close(prefix + "losses", expected.ReadDoubles(prefix + "losses"), linear.TaskLosses.Losses, GoldenAssert.Loss);
            GoldenAssert.Close(prefix + "ls_loss", expected.ReadDoubles(prefix + "ls_loss")[0], linear.ScalarLoss, GoldenAssert.Loss);
            for (int t = 0; t < tasks; t++)
            {
                GoldenAssert.Close(
                    backend,
                    $"{prefix}logits.{t}",
                    expected.ReadDoubles($"{prefix}logits.{t}"),
                    fixture.Tasks[t].Head.Logits,
                    GoldenAssert.Output);
            }

            RouterGradients(expected, prefix + "grad_ls.", fusion, linear.ParameterGradient);
            epo.Evaluate(preference, fixture.Batches);
            PerTask(expected, prefix, fusion, epo, preference);
            if (expected.Contains(prefix + "epo_alpha"))
            {
                Epo(expected, prefix, fusion, epo);
            }
        }
    }

    private static void Routing(SafetensorsFile expected, string prefix, RoutedFusion fusion)
    {
        foreach (RouterSlot slot in fusion.Routers.Slots)
        {
            ReadOnlySpan<float> routing = fusion.RoutingWeights.Slice(slot.RoutingOffset, slot.Router.RoutingCount);
            double[] weights = Array.ConvertAll(routing.ToArray(), static w => (double)w);
            string name = $"{prefix}routing.{slot.Group}";
            GoldenAssert.Close(name, expected.ReadDoubles(name), weights, GoldenAssert.Output);
        }
    }

    private static void PerTask(SafetensorsFile expected, string prefix, RoutedFusion fusion, EpoScalarization epo, float[] preference)
    {
        float[] gradient = new float[fusion.Routers.ParameterCount];
        for (int t = 0; t < preference.Length; t++)
        {
            fusion.Routers.Backward(fusion.Parameters, preference, epo.RoutingGradientOf(t), gradient);
            RouterGradients(expected, $"{prefix}grad_task.{t}.", fusion, gradient);
        }
    }

    private static void Epo(SafetensorsFile expected, string prefix, RoutedFusion fusion, EpoScalarization epo)
    {
        GoldenAssert.Close(prefix + "GG", expected.ReadDoubles(prefix + "GG"), epo.Gram.ToArray(), GoldenAssert.Gradient);
        GoldenAssert.Close(prefix + "epo_alpha", expected.ReadDoubles(prefix + "epo_alpha"), epo.Weights.ToArray(), GoldenAssert.Gradient);
        GoldenAssert.Close(prefix + "epo_loss", expected.ReadDoubles(prefix + "epo_loss")[0], epo.ScalarLoss, GoldenAssert.Gradient);
        RouterGradients(expected, prefix + "grad_epo.", fusion, epo.ParameterGradient);
    }

    private static void RouterGradients(SafetensorsFile expected, string prefix, RoutedFusion fusion, float[] gradient)
    {
        foreach (RouterTensor tensor in fusion.Routers.Tensors)
        {
            double[] actual = [.. gradient.AsSpan(tensor.Offset, (int)tensor.Shape.ElementCount).ToArray().Select(static g => (double)g)];
            string name = prefix + tensor.Name;
            GoldenAssert.Close(name, expected.ReadDoubles(name), actual, GoldenAssert.Gradient, GoldenAssert.GradientFloor);
        }
    }

    private static float[] Row(double[] matrix, int row, int columns) =>
        Array.ConvertAll(matrix.AsSpan(row * columns, columns).ToArray(), static value => (float)value);
}
