using System;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>Large batches are computed a few tasks at a time.</summary>
public sealed class LinearScalarizationTests
{
    private const int Tasks = 4;
    private static readonly float[] Preference = [0.1f, 0.2f, 0.3f, 0.4f];

    /// <summary>Five tokens per image.</summary>
    [Theory]
    [InlineData(20, Tasks)]
    [InlineData(160, 2)]
    [InlineData(310, 1)]
    public void Evaluate_TasksInSeveralPasses_SameLossesAndGradientAsInOne(int samples, int tasksPerPass)
    {
        using ScratchFolder scratch = new();
        for (int i = 0; i <= Tasks; i++)
        {
            RandomCheckpoint.Write(scratch.File($"model.{i}"), RandomCheckpoint.TinyViT, expert: i);
        }

        using HostBackend backend = new(threads: 1);
        Checkpoint[] checkpoints = [.. Enumerable.Range(0, Tasks + 1).Select(i => Checkpoint.Open(scratch.File($"model.{i}")))];
        using Backbone backbone = ModelLoader.CreateBackbone(backend, checkpoints[0].Configuration);
        using Ensemble ensemble = new(backbone, checkpoints[0], checkpoints[1..]);
        SupervisedTask[] tasks = [.. checkpoints[1..].Select((checkpoint, t) => new SupervisedTask(
            $"task {t}", ModelLoader.LoadLinearHead(backend, checkpoint), Objective.Classification))];
        using RoutedFusion fusion = new(ensemble, RouterSettings.Residual(Granularity.Tensor));
        fusion.Settings.Initialization.Fill(fusion.Routers, seed: 1, fusion.Parameters);
        using LinearScalarization objective = new(fusion, tasks);
        Batch[] batches = [.. Enumerable.Range(1, Tasks).Select(seed => Images(samples, seed))];

        objective.Evaluate(Preference, batches);
        TensorRef features = backbone.Activations.Regions.Single(static region => region.Name == "features");
        Assert.Equal(tasksPerPass * samples, features.Rows);
        double[] losses = [.. objective.TaskLosses.Losses];
        float[] gradient = [.. objective.ParameterGradient];

        float[] routing = new float[fusion.Routers.RoutingCount];
        float[] expected = new float[fusion.Parameters.Length];
        objective.TaskLosses.ForwardBackward(batches, Preference);
        fusion.TakeRoutingGradient(routing);
        fusion.Routers.Backward(fusion.Parameters, Preference, routing, expected);
        GoldenAssert.Close("losses", [.. objective.TaskLosses.Losses], losses, GoldenAssert.Loss);
        GoldenAssert.Close("gradient", Doubles(expected), Doubles(gradient), GoldenAssert.Gradient);
        Assert.Contains(expected, static value => value != 0);

        fusion.TakeRoutingGradient(routing);
        Assert.All(routing, static value => Assert.Equal(0, value));
        Array.ForEach(tasks, static task => task.Dispose());
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, static value => (double)value);

    private static Batch Images(int count, int seed)
    {
        Batch batch = Batch.ForImages(count, 1, 4, 4);
        batch.Count = count;
        for (int i = 0; i < batch.PixelValues.Length; i++)
        {
            batch.PixelValues[i] = MathF.Sin(i * seed);
        }

        for (int i = 0; i < count; i++)
        {
            batch.Labels[i] = (i * seed) % 3;
        }

        return batch;
    }
}
