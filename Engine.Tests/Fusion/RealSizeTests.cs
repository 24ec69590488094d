using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>The published sizes with random weights: load, forward, backward, save, one step of router training.</summary>
[Trait("Category", "Scale")]
public sealed class RealSizeTests(ITestOutputHelper output)
{
    private const float Spread = 0.05f;

    [Theory]
    [InlineData("ViT-B/32", RandomCheckpoint.ClipB32, 87_456_000)]
    [InlineData("ViT-L/14", RandomCheckpoint.ClipL14, 303_179_776)]
    public void Clip_LoadForwardBackwardSave_RoundTrips(string name, string configuration, long parameters) =>
        RoundTrip(name, configuration, parameters, Images(1));

    [Fact]
    public void Gpt2_LoadForwardBackwardSave_RoundTrips() => RoundTrip("GPT-2", RandomCheckpoint.Gpt2, 124_439_808, Tokens(2, 64));

    [Fact]
    public void RouterTrainer_ClipB32WithTwoExperts_Steps()
    {
        using ScratchFolder scratch = new();
        for (int i = 0; i < 3; i++)
        {
            RandomCheckpoint.Write(scratch.File($"model.{i}"), RandomCheckpoint.ClipB32, i, Spread);
        }

        using HostBackend backend = new();
        Stopwatch watch = Stopwatch.StartNew();
        Checkpoint[] checkpoints = [.. Enumerable.Range(0, 3).Select(i => Checkpoint.Open(scratch.File($"model.{i}")))];
        using Backbone backbone = ModelLoader.CreateBackbone(backend, checkpoints[0].Configuration);
        using Ensemble ensemble = new(backbone, checkpoints[0], checkpoints[1..]);
        SupervisedTask[] tasks = [Task(backend, "first"), Task(backend, "second")];
        using RoutedFusion fusion = new(ensemble, RouterSettings.Paper(RoutedModules.Mlp));
        using RouterTrainer trainer = new(fusion, tasks, new RouterTrainingSettings { Steps = 2 });
        float[] before = [.. fusion.Parameters];
        Batch[] batches = [Images(2), Images(2)];
        trainer.Train([0.3f, 0.7f], batches);
        Report("router training, first step with opening", watch);
        watch.Restart();
        trainer.Train([0.3f, 0.7f], batches);
        Report("router training, second step", watch);
        Assert.Equal(264, fusion.Parameters.Length);
        Assert.All(fusion.Parameters, static value => Assert.True(float.IsFinite(value)));
        Assert.NotEqual(before, fusion.Parameters);
        Array.ForEach(tasks, static task => task.Dispose());
    }

    private void RoundTrip(string name, string configuration, long parameters, Batch batch)
    {
        using ScratchFolder scratch = new();
        RandomCheckpoint.Write(scratch.File("model"), configuration, spread: Spread);
        using HostBackend backend = new();
        Stopwatch watch = Stopwatch.StartNew();
        using Checkpoint checkpoint = Checkpoint.Open(scratch.File("model"));
        using Backbone backbone = ModelLoader.LoadBackbone(backend, checkpoint);
        Report($"{name} load", watch);
        Assert.Equal(parameters, backbone.Layout.Parameters.Sum(static parameter => parameter.Shape.ElementCount));

        backbone.RequestGradients(null);
        watch.Restart();
        TensorRef features = backbone.Forward(batch, ForwardMode.Training);
        float[] forward = Bits.Of(backend, features);
        Report($"{name} forward", watch);
        Assert.All(forward, static value => Assert.True(float.IsFinite(value)));
        using Arena arena = backend.CreateArena("feature gradient", Arena.AlignedSize(features.DType, features.Shape));
        TensorRef gradient = arena.Allocate("gradient", features.DType, features.Shape);
        backend.Upload<float>(Array.ConvertAll(Enumerable.Range(0, forward.Length).ToArray(), static i => MathF.Sin(i)), gradient);
        watch.Restart();
        backbone.Backward(gradient);
        Report($"{name} backward", watch);
        ParameterSpec first = backbone.Layout.Parameters.First(static parameter => parameter.Kind == ModuleKind.Mlp);
        float[] found = Bits.Of(backend, backbone.Gradients[first.Name]);
        Assert.Contains(found, static value => value != 0);
        Assert.All(found, static value => Assert.True(float.IsFinite(value)));

        watch.Restart();
        StoredParameters stored = new(checkpoint, backbone.CheckpointPrefixes, backbone.Layout);
        CheckpointWriter.Write(
            scratch.File("saved"),
            [
                .. backbone.Layout.Parameters.Select(parameter =>
                    new TensorToWrite(stored.NameOf(parameter), backbone.Parameters[parameter.Name])),
            ],
            new CheckpointWriterOptions { ConfigurationText = checkpoint.Configuration.Text });
        Report($"{name} save", watch);
        using Checkpoint saved = Checkpoint.Open(scratch.File("saved"));
        Assert.Equal(checkpoint.ByteLength, saved.ByteLength);
        Assert.Equal(checkpoint.Sha256(), saved.Sha256());
    }

    private static SupervisedTask Task(HostBackend backend, string name)
    {
        LinearHead head = LinearHead.Create(backend, "classifier", 768, 4, bias: false);
        TensorRef weight = head.Parameters["classifier.weight"];
        backend.Upload<float>(
            Array.ConvertAll(Enumerable.Range(0, (int)weight.ElementCount).ToArray(), i => 0.05f * MathF.Sin(i * name.Length)), weight);
        return new SupervisedTask(name, head, Objective.Classification);
    }

    private static Batch Images(int count)
    {
        Batch batch = Batch.ForImages(count, 3, 224, 224);
        batch.Count = count;
        for (int i = 0; i < batch.PixelValues.Length; i++)
        {
            batch.PixelValues[i] = MathF.Sin(i * 0.37f);
        }

        batch.Labels[0] = 1;
        return batch;
    }

    private static Batch Tokens(int count, int tokens)
    {
        Batch batch = Batch.ForTokens(count, tokens, labelPerToken: true);
        batch.Count = count;
        for (int i = 0; i < batch.InputIds.Length; i++)
        {
            batch.InputIds[i] = i * 397 % 50257;
            batch.AttentionMask[i] = 1;
        }

        return batch;
    }

    /// <summary>Indicative only: nothing is asserted about time or memory.</summary>
    private void Report(string what, Stopwatch watch)
    {
        string peak = OperatingSystem.IsLinux()
            ? File.ReadLines("/proc/self/status").First(static line => line.StartsWith("VmHWM", StringComparison.Ordinal))[6..].Trim()
            : "unknown";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what}: {watch.Elapsed.TotalSeconds:F2} s, peak resident memory of the process {peak}"));
    }
}
