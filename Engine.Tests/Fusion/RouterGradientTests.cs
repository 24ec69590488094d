using System;
using System.Globalization;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Kernels.Reference;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>
/// Gradients of the scalarised loss with respect to router parameters against finite differences of the whole chain: router, merge,
/// network, head. Everything is float64 but λ and the parameters, which are float32 by definition and bound the step from below.
/// </summary>
public sealed class RouterGradientTests
{
    private const float Step = 1f / 256;
    private const double Tolerance = 1e-3;
    private static readonly float[] Preference = [0.375f, 0.625f];

    [Theory]
    [InlineData(RandomCheckpoint.TinyViT, Granularity.Module)]
    [InlineData(RandomCheckpoint.TinyViT, Granularity.Row)]
    [InlineData(RandomCheckpoint.TinyGpt2, Granularity.Tensor)]
    [InlineData(RandomCheckpoint.TinyGpt2, Granularity.Row)]
    public void LinearScalarization_ResidualRouters_MatchesFiniteDifferences(string model, Granularity granularity) =>
        Check(model, RouterSettings.Residual(granularity) with { RowHiddenUnits = 2 });

    [Theory]
    [InlineData(RandomCheckpoint.TinyViT, 1)]
    [InlineData(RandomCheckpoint.TinyGpt2, 2)]
    public void LinearScalarization_PaperRouters_MatchesFiniteDifferences(string model, int layers) =>
        Check(model, RouterSettings.Paper(RoutedModules.MlpAndAttention, layers));

    private static void Check(string configuration, RouterSettings settings)
    {
        using ScratchFolder scratch = new();
        for (int i = 0; i < 3; i++)
        {
            RandomCheckpoint.Write(scratch.File($"model.{i}"), configuration, expert: i);
        }

        using ReferenceBackend backend = new(DType.F64);
        Checkpoint[] checkpoints = [.. Enumerable.Range(0, 3).Select(i => Checkpoint.Open(scratch.File($"model.{i}")))];
        using Backbone backbone = ModelLoader.CreateBackbone(backend, checkpoints[0].Configuration);
        using Ensemble ensemble = new(backbone, checkpoints[0], checkpoints[1..]);
        SupervisedTask[] tasks = [.. Enumerable.Range(1, 2).Select(i => new SupervisedTask(
            string.Create(CultureInfo.InvariantCulture, $"task.{i}"),
            ModelLoader.LoadLinearHead(backend, checkpoints[i]),
            Objective.Classification))];
        using RoutedFusion fusion = new(ensemble, settings);
        Draw(fusion);
        using LinearScalarization objective = new(fusion, tasks);
        Batch[] batches = [Samples(backbone, 1), Samples(backbone, 2)];
        objective.Evaluate(Preference, batches);
        float[] gradient = [.. objective.ParameterGradient];
        double largest = gradient.Max(MathF.Abs);
        Assert.True(largest > 0);

        // The differences need losses only.
        backbone.RequestGradients(static _ => false);
        using MultiTaskLoss losses = new(backbone, tasks);
        int stride = Math.Max(1, gradient.Length / 120) | 1;
        for (int k = 0; k < gradient.Length; k += stride)
        {
            double difference = (Loss(fusion, losses, batches, k, Step) - Loss(fusion, losses, batches, k, -Step)) / (2 * Step);
            Assert.True(
                Math.Abs(gradient[k] - difference) <= Tolerance * largest,
                string.Create(
                    CultureInfo.InvariantCulture, $"parameter {k}: gradient {gradient[k]}, difference {difference}, largest {largest}."));
        }

        Array.ForEach(tasks, static task => task.Dispose());
    }

    /// <summary>Random parameters, with every hidden unit farther from its kink than a step reaches.</summary>
    private static void Draw(RoutedFusion fusion)
    {
        CounterRandom random = new(seed: 11, stream: 1);
        for (int k = 0; k < fusion.Parameters.Length; k++)
        {
            fusion.Parameters[k] = (float)(0.3 * random.Normal((ulong)k));
        }

        foreach (RouterSlot slot in fusion.Routers.Slots.Where(static slot => slot.Router.Architecture.Layers == 2))
        {
            Span<float> own = fusion.Parameters.AsSpan(slot.ParameterOffset, slot.Router.ParameterCount);
            Span<float> bias = own[slot.Router.Tensors[1].Offset..];
            for (int h = 0; h < slot.Router.Architecture.HiddenUnits; h++)
            {
                float sum = bias[h] + (own[2 * h] * Preference[0]) + (own[(2 * h) + 1] * Preference[1]);
                bias[h] += sum > 0 ? 4 * Step : -4 * Step;
            }
        }
    }

    private static double Loss(RoutedFusion fusion, MultiTaskLoss losses, Batch[] batches, int parameter, float step)
    {
        float value = fusion.Parameters[parameter];
        fusion.Parameters[parameter] = value + step;
        fusion.Apply(Preference);
        fusion.Parameters[parameter] = value;
        losses.ForwardBackward(batches, Preference);
        return (Preference[0] * losses.Losses[0]) + (Preference[1] * losses.Losses[1]);
    }

    private static Batch Samples(Backbone backbone, int seed)
    {
        Batch batch = backbone is VisionBackbone ? Batch.ForImages(2, 1, 4, 4) : Batch.ForTokens(2, 3 + seed);
        batch.Count = 2;
        for (int i = 0; i < batch.PixelValues.Length; i++)
        {
            batch.PixelValues[i] = MathF.Sin(i * seed);
        }

        for (int i = 0; i < batch.InputIds.Length; i++)
        {
            batch.InputIds[i] = (3 + (seed * i)) % 11;
            batch.AttentionMask[i] = 1;
        }

        batch.Labels[0] = seed;
        return batch;
    }
}
