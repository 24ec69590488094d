using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>Results depend on neither the number of threads nor the run.</summary>
public sealed class BitEqualityTests
{
    [Fact]
    public void Model_AnyNumberOfThreads_SameBits() => SameBits(static backend =>
    {
        using Checkpoint checkpoint = Checkpoint.Open(SourceTree.PathOf("samples", "models", "digits"));
        using SupervisedModel model = SupervisedModel.Load(backend, checkpoint);
        using SampleExperiment sample = new(backend);
        model.RequestGradients(null);
        double loss = model.ForwardBackward(sample.Batches(24)[0]);
        return
        [
            (float)loss,
            .. Bits.Of(backend, model.Head.Logits),
            .. Bits.Of(backend, model.Backbone.Gradients),
            .. Bits.Of(backend, model.Head.Gradients),
        ];
    });

    [Theory]
    [FixtureData("GPT2LMHeadModel", Contains = true)]
    public void LanguageModel_AnyNumberOfThreads_SameBits(string name) => SameBits(backend =>
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        using Checkpoint checkpoint = Checkpoint.Open(fixture.Path);
        using SupervisedModel model = SupervisedModel.Load(backend, checkpoint);
        Batch batch = Batch.ForTokens(5, 11, labelPerToken: true);
        batch.Count = 5;
        for (int i = 0; i < batch.InputIds.Length; i++)
        {
            batch.InputIds[i] = (7 * i) % 90;
            batch.AttentionMask[i] = 1;
            batch.Labels[i] = batch.InputIds[i];
        }

        model.RequestGradients(null);
        model.ForwardBackward(batch);
        return [.. Bits.Of(backend, model.Head.Logits), .. Bits.Of(backend, model.Backbone.Gradients)];
    });

    [Theory]
    [InlineData(Granularity.Module, Scalarization.Linear)]
    [InlineData(Granularity.Tensor, Scalarization.Epo)]
    [InlineData(Granularity.Row, Scalarization.Linear)]
    public void RouterTraining_AnyNumberOfThreads_SameBits(Granularity granularity, Scalarization scalarization) => SameBits(backend =>
    {
        using SampleExperiment sample = new(backend);
        using RoutedFusion fusion = new(sample.Ensemble, RouterSettings.Residual(granularity));
        RouterTrainingSettings settings = new() { Steps = 5, BatchSize = 12, Scalarization = scalarization, Seed = 3 };
        using RouterTrainer trainer = new(fusion, sample.Tasks, settings);
        List<float> all = [];
        for (int step = 0; step < settings.Steps; step++)
        {
            trainer.TrainStep();
            all.AddRange(trainer.Objective.TaskLosses.Losses.Select(static loss => (float)loss));
        }

        return [.. all, .. fusion.Parameters];
    });

    [Fact]
    public void FineTuning_AnyNumberOfThreads_SameBits() => SameBits(static backend =>
    {
        using SampleExperiment sample = new(backend);
        using FineTuner tuner = new(
            sample.Backbone, sample.Tasks, new FineTuningSettings { Steps = 3, BatchSize = 12, WarmupSteps = 1, LearningRate = 1e-3 });
        for (int step = 0; step < 3; step++)
        {
            tuner.TrainStep();
        }

        return [.. Bits.Of(backend, sample.Backbone.Parameters), .. Bits.Of(backend, sample.Tasks[1].Head.Parameters)];
    });

    /// <summary>267 rows of logits are computed in two stretches.</summary>
    [Fact]
    public void LanguageModelFineTuning_AnyNumberOfThreads_SameBits() => SameBits(static backend =>
    {
        using VocabularySample sample = new(backend, tokens: 89);
        using FineTuner tuner = new(
            sample.Backbone,
            [sample.Task],
            new FineTuningSettings { Steps = 2, BatchSize = VocabularySample.Texts, WarmupSteps = 0, LearningRate = 1e-3 });
        tuner.TrainStep();
        tuner.TrainStep();
        return [(float)tuner.Losses[0], .. Bits.Of(backend, sample.Backbone.Parameters)];
    });

    /// <summary>Runs with 1 thread twice, then with 2 and 3.</summary>
    private static void SameBits(Func<IBackend, float[]> run)
    {
        float[]? expected = null;
        foreach (int threads in new[] { 1, 1, 2, 3 })
        {
            using HostBackend backend = new(threads);
            float[] found = run(backend);
            Assert.All(found, static value => Assert.True(float.IsFinite(value)));
            expected ??= found;
            Bits.AssertEqual($"{threads} threads", expected, found);
        }
    }
}
