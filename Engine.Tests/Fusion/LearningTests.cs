using System;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>Training does what it is for, on the samples.</summary>
public sealed class LearningTests
{
    [Fact]
    public void FineTuner_FromTheBase_LowersTheLoss()
    {
        using HostBackend backend = new(threads: 2);
        using SampleExperiment sample = new(backend, "rotation");
        using FineTuner tuner = new(
            sample.Backbone, sample.Tasks, new FineTuningSettings { Steps = 40, BatchSize = 32, LearningRate = 1e-3, WarmupSteps = 5 });
        double[] losses = new double[40];
        for (int step = 0; step < losses.Length; step++)
        {
            tuner.TrainStep();
            losses[step] = tuner.Losses[0];
        }

        double first = losses[..5].Average();
        double last = losses[^5..].Average();
        Assert.True(last < 0.9 * first, $"The mean loss went from {first} to {last}.");
    }

    /// <summary>One preference and one batch: the exact search must bring the losses nearer to the ray.</summary>
    [Fact]
    public void Epo_FixedPreference_LowersTheNonUniformity()
    {
        using HostBackend backend = new(threads: 2);
        using SampleExperiment sample = new(backend);
        using RoutedFusion fusion = new(sample.Ensemble, RouterSettings.Residual(Granularity.Module));
        using RouterTrainer trainer = new(
            fusion, sample.Tasks, new RouterTrainingSettings { Steps = 40, Scalarization = Scalarization.Epo, LearningRate = 1e-2 });
        EpoScalarization objective = (EpoScalarization)trainer.Objective;
        Batch[] batches = sample.Batches(32);
        float[] preference = [0.5f, 0.5f];
        trainer.Train(preference, batches);
        double first = objective.Result.NonUniformity;
        double smallest = first;
        for (int step = 1; step < 40; step++)
        {
            trainer.Train(preference, batches);
            smallest = Math.Min(smallest, objective.Result.NonUniformity);
        }

        Assert.True(first > 1e-3, $"The samples start on the ray: {first}.");
        Assert.True(smallest < 0.1 * first, $"The non-uniformity went from {first} to {smallest} at best.");
    }

    [Fact]
    public void LinearScalarization_FixedPreference_LowersTheLoss()
    {
        using HostBackend backend = new(threads: 2);
        using SampleExperiment sample = new(backend);
        using RoutedFusion fusion = new(sample.Ensemble, RouterSettings.Residual(Granularity.Row));
        using RouterTrainer trainer = new(fusion, sample.Tasks, new RouterTrainingSettings { Steps = 30, LearningRate = 3e-3 });
        Batch[] batches = sample.Batches(32);
        trainer.Train([0.5f, 0.5f], batches);
        double first = trainer.Objective.ScalarLoss;
        for (int step = 1; step < 30; step++)
        {
            trainer.Train([0.5f, 0.5f], batches);
        }

        Assert.True(trainer.Objective.ScalarLoss < 0.9 * first, $"The loss went from {first} to {trainer.Objective.ScalarLoss}.");
    }

    /// <summary>CLIP's head scales its text embeddings ahead of time; training must not leave the scaled copy behind.</summary>
    [Theory]
    [FixtureData("CLIPVisionModelWithProjection", Contains = true)]
    public void FineTuner_ZeroShotHead_UsesItsTrainedParameters(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        using HostBackend backend = new(threads: 1);
        using Checkpoint checkpoint = Checkpoint.Open(fixture.Path);
        using Backbone backbone = ModelLoader.LoadBackbone(backend, checkpoint);
        Batch batch = FixtureBatch.Images(expected);
        using SupervisedTask task = new(
            "clip", ModelLoader.LoadZeroShotHead(backend, checkpoint, expected), Objective.Classification, new OneBatchDataset(batch));
        using FineTuner tuner = new(
            backbone, [task], new FineTuningSettings { Steps = 2, BatchSize = batch.Count, WarmupSteps = 0, LearningRate = 1e-2 });
        tuner.TrainStep();
        float[] trained = Bits.Of(backend, task.Head.Forward(backbone.Forward(batch, ForwardMode.Inference)));
        task.Head.ParametersChanged();
        Bits.AssertEqual("logits", Bits.Of(backend, task.Head.Forward(backbone.Forward(batch, ForwardMode.Inference))), trained);
    }
}
