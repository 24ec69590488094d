using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>Parameters are updated block by block, while the backward pass goes on.</summary>
public sealed class FineTunerTests
{
    private static readonly FineTuningSettings Settings = new()
    {
        Steps = 3,
        BatchSize = VocabularySample.Texts,
        WarmupSteps = 1,
        LearningRate = 1e-3,
        WeightDecay = 0.1,
        LearningRateFactors = [new LearningRateFactor("h.0.mlp", 0), new LearningRateFactor("wpe", 0.5)],
    };

    [Fact]
    public void TrainStep_LanguageModel_SameBitsAsUpdatingAfterTheBackwardPass()
    {
        using HostBackend backend = new(threads: 2);
        using VocabularySample expected = new(backend, tokens: 5);
        TrainByHand(backend, expected);
        using VocabularySample sample = new(backend, tokens: 5);
        float[] before = Bits.Of(backend, sample.Backbone.Parameters);
        using FineTuner tuner = new(sample.Backbone, [sample.Task], Settings);
        for (int step = 0; step < Settings.Steps; step++)
        {
            tuner.TrainStep();
        }

        float[] trained = Bits.Of(backend, sample.Backbone.Parameters);
        Assert.NotEqual(before, trained);
        Bits.AssertEqual("parameters", Bits.Of(backend, expected.Backbone.Parameters), trained);
    }

    [Fact]
    public void Constructor_Gradients_TakeOneBlocksMemory()
    {
        using HostBackend backend = new(threads: 1);
        using SampleExperiment sample = new(backend);
        using FineTuner tuner = new(sample.Backbone, sample.Tasks, new FineTuningSettings { BatchSize = 4 });
        Dictionary<int, long> bytes = sample.Backbone.Layout.Parameters
            .GroupBy(static parameter => parameter.Block)
            .ToDictionary(static block => block.Key, static block => block.Sum(parameter => Arena.AlignedSize(DType.F32, parameter.Shape)));
        Assert.True(bytes.Count > 2);
        Assert.Equal(bytes[ParameterSpec.OutsideBlocks] + bytes[0], sample.Backbone.Gradients.ByteLength);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void TrainStep_LossIsNotFinite_ChangesNothing(float value)
    {
        using HostBackend backend = new(threads: 1);
        using SampleExperiment undisturbed = new(backend);
        using SampleExperiment disturbed = new(backend);
        FineTuningSettings settings = Settings with { BatchSize = 4 };
        using FineTuner expected = new(undisturbed.Backbone, undisturbed.Tasks, settings);
        using FineTuner tuner = new(disturbed.Backbone, disturbed.Tasks, settings);
        expected.TrainStep();
        tuner.TrainStep();
        double rate = tuner.LearningRate;
        TensorRef bias = disturbed.Tasks[1].Head.Parameters["classifier.bias"];
        float[] sound = Bits.Of(backend, bias);
        backend.Fill(bias, value);
        float[] before = Parameters(backend, disturbed);
        string message = Assert.Throws<NonFiniteLossException>(tuner.TrainStep).Message;
        Assert.Contains("'fashion'", message, StringComparison.Ordinal);
        Assert.Contains("step 2", message, StringComparison.Ordinal);
        Bits.AssertEqual("parameters after the refused step", before, Parameters(backend, disturbed));
        Assert.Equal(1, tuner.Step);
        Assert.Equal(rate, tuner.LearningRate);

        // The moments show in the next step.
        backend.Upload<float>(sound, bias);
        expected.TrainStep();
        tuner.TrainStep();
        Bits.AssertEqual("parameters after the next step", Parameters(backend, undisturbed), Parameters(backend, disturbed));
    }

    [Fact]
    public void Dispose_Backbone_IsTrainedNoMore()
    {
        using HostBackend backend = new(threads: 1);
        using SampleExperiment sample = new(backend);
        FineTuner tuner = new(sample.Backbone, sample.Tasks, new FineTuningSettings { BatchSize = 4 });
        tuner.TrainStep();
        tuner.Dispose();
        Assert.Empty(sample.Backbone.Gradients.Parameters);
        float[] before = Bits.Of(backend, sample.Backbone.Parameters);
        using MultiTaskLoss losses = new(sample.Backbone, sample.Tasks);
        losses.ForwardBackward(sample.Batches(4), [1, 1]);
        Bits.AssertEqual("parameters", before, Bits.Of(backend, sample.Backbone.Parameters));
    }

    private static float[] Parameters(IBackend backend, SampleExperiment sample) =>
    [
        .. Bits.Of(backend, sample.Backbone.Parameters),
        .. sample.Tasks.SelectMany(task => Bits.Of(backend, task.Head.Parameters)),
    ];

    /// <summary>The same training with all gradients at once.</summary>
    private static void TrainByHand(IBackend backend, VocabularySample sample)
    {
        Gpt2Backbone backbone = sample.Backbone;
        Dictionary<string, double> factors = backbone.Layout.Parameters.ToDictionary(
            static parameter => parameter.Name, static parameter => LearningRateFactor.Of(parameter, Settings.LearningRateFactors));
        backbone.RequestGradients(name => factors[name] != 0);
        using ParameterSet first = new(backend, backbone.Layout, "first moments");
        using ParameterSet second = new(backend, backbone.Layout, "second moments");
        using MultiTaskLoss losses = new(backbone, [sample.Task]);
        CosineSchedule schedule = new(Settings.LearningRate, 0, Settings.Steps, Settings.WarmupSteps);
        EpochSampler sampler = new(sample.Task.Train!, Settings.BatchSize, Settings.Seed);
        Batch batch = sample.Task.Train!.CreateBatch(Settings.BatchSize);
        int[] indices = new int[Settings.BatchSize];
        for (int step = 0; step < Settings.Steps; step++)
        {
            sampler.Sample(step, indices);
            sample.Task.Train.Fill(batch, indices);
            losses.ForwardBackward(0, batch);
            foreach (ParameterSpec parameter in backbone.Gradients.Parameters)
            {
                backend.AdamW(new AdamWArgs
                {
                    Parameters = backbone.Parameters[parameter.Name],
                    Gradient = backbone.Gradients[parameter.Name],
                    FirstMoment = first[parameter.Name],
                    SecondMoment = second[parameter.Name],
                    LearningRate = (float)(schedule.At(step) * factors[parameter.Name]),
                    WeightDecay = (float)Settings.WeightDecay,
                    Step = step + 1,
                });
            }
        }
    }
}
