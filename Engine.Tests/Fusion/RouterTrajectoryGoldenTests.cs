using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

[Trait("Category", "Golden")]
public sealed class RouterTrajectoryGoldenTests
{
    [Theory]
    [FixtureData("router training trajectory", Contains = true)]
    public void RouterTrainer_FollowsReference(string name)
    {
        // Thirty steps take the scalar reference too long; it has proved every gradient in PwemoeGoldenTests.
        using HostBackend backend = new(threads: 2);
        Train(FixtureFolder.Named(name), backend);
    }

    /// <summary>Compares losses, gradients and routers after every step of a training.</summary>
    internal static void Train(FixtureFolder folder, IBackend backend)
    {
        FixtureFolder models = FixtureFolder.All.Single(candidate =>
            candidate.Path == System.IO.Path.GetFullPath(folder.File(folder.Meta.GetProperty("models").GetString()!)));
        string[] variants = [.. PwemoeFixture.Variants(folder, "expected_")];
        Assert.NotEmpty(variants);
        foreach (string variant in variants)
        {
            using PwemoeFixture fixture = new(models, backend);
            Trajectory(folder, variant, fixture);
        }
    }

    private static void Trajectory(FixtureFolder folder, string variant, PwemoeFixture fixture)
    {
        using SafetensorsFile batches = SafetensorsFile.Open(folder.File("batches.safetensors"));
        using SafetensorsFile expected = SafetensorsFile.Open(folder.File($"expected_{variant}.safetensors"));
        string initial = folder.File($"router_init_{variant}.safetensors");
        using RoutedFusion fusion = fixture.Routers(variant, initial);
        using RouterTrainer trainer = new(fusion, fixture.Tasks, Settings(folder));
        using (SafetensorsFile file = SafetensorsFile.Open(initial))
        {
            RouterFile.ReadParameters(file, fusion);
        }

        int tasks = fixture.Tasks.Length;
        double[] rays = batches.ReadDoubles("rays");
        double[] losses = expected.ReadDoubles("loss");
        double[] taskLosses = expected.ReadDoubles("task_losses");
        double[] rates = expected.ReadDoubles("lr");
        for (int step = 0; step < trainer.Settings.Steps; step++)
        {
            float[] ray = Array.ConvertAll(rays.AsSpan(step * tasks, tasks).ToArray(), static r => (float)r);
            Batch[] batch = batches.Contains("task.0.input_ids")
                ? [.. Enumerable.Range(0, tasks).Select(t => FixtureBatch.Tokens(batches, $"task.{t}.", step))]
                : fixture.Batches;
            trainer.Train(ray, batch);
            string what = string.Create(CultureInfo.InvariantCulture, $"{folder.Name} {variant} step {step + 1}");
            GoldenAssert.Close($"{what} loss", losses[step], trainer.Objective.ScalarLoss, GoldenAssert.Trajectory);
            GoldenAssert.Close(
                $"{what} task losses",
                taskLosses.AsSpan(step * tasks, tasks).ToArray(),
                trainer.Objective.TaskLosses.Losses,
                GoldenAssert.Trajectory);
            GoldenAssert.Close($"{what} lr", rates[step], trainer.LearningRate, 1e-9);
            Parameters(expected, $"step.{step + 1}.router.", fusion, fusion.Parameters);
            Parameters(expected, $"step.{step + 1}.grad.", fusion, trainer.Objective.ParameterGradient);
        }
    }

    private static RouterTrainingSettings Settings(FixtureFolder folder)
    {
        JsonElement meta = folder.Meta;
        bool decoupledDecay = meta.GetProperty("optimizer").GetString()!.Contains("AdamW", StringComparison.Ordinal);
        return new RouterTrainingSettings
        {
            Steps = meta.GetProperty("steps").GetInt32(),
            WeightDecay = decoupledDecay ? 0.01 : 0,
        };
    }

    private static void Parameters(SafetensorsFile expected, string prefix, RoutedFusion fusion, float[] values)
    {
        foreach (RouterTensor tensor in fusion.Routers.Tensors.Where(tensor => expected.Contains(prefix + tensor.Name)))
        {
            double[] actual = [.. values.AsSpan(tensor.Offset, (int)tensor.Shape.ElementCount).ToArray().Select(static v => (double)v)];
            GoldenAssert.Close(
                prefix + tensor.Name,
                expected.ReadDoubles(prefix + tensor.Name),
                actual,
                GoldenAssert.Trajectory,
                GoldenAssert.GradientFloor);
        }
    }
}
