using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>What is refused, and whether the message says why.</summary>
public sealed class FusionErrorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Apply_PreferenceOfOtherLength_Refuses(int length)
    {
        using HostBackend backend = new(threads: 1);
        using SampleExperiment sample = new(backend);
        float[] before = Bits.Of(backend, sample.Backbone.Parameters);
        using UniformFusion soup = UniformFusion.Soup(sample.Ensemble);
        using UniformFusion arithmetic = UniformFusion.TaskArithmetic(sample.Ensemble, 0.3f);
        using RoutedFusion routed = new(sample.Ensemble, RouterSettings.Paper(RoutedModules.Mlp));
        foreach (IFusion fusion in new IFusion[] { soup, arithmetic, routed })
        {
            string message = Assert.Throws<DataException>(() => fusion.Apply(new float[length])).Message;
            Assert.Contains($"expected 2, found {length}", message, StringComparison.Ordinal);
        }

        Bits.AssertEqual("parameters", before, Bits.Of(backend, sample.Backbone.Parameters));
    }

    [Fact]
    public void Apply_NaNInPreference_Refuses()
    {
        using HostBackend backend = new(threads: 1);
        using SampleExperiment sample = new(backend);
        using UniformFusion soup = UniformFusion.Soup(sample.Ensemble);
        Assert.Contains("Entry 1", Assert.Throws<DataException>(() => soup.Apply([1, float.NaN])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_PreferenceOfOtherLength_Refuses()
    {
        using HostBackend backend = new(threads: 1);
        using SampleExperiment sample = new(backend);
        using RoutedFusion fusion = new(sample.Ensemble, RouterSettings.Paper(RoutedModules.Mlp));
        using RouterTrainer trainer = new(fusion, sample.Tasks, new RouterTrainingSettings());
        Assert.Throws<DataException>(() => trainer.Train([1], sample.Batches(2)));
        Assert.Equal(0, trainer.Step);
    }

    [Fact]
    public void Ensemble_ExpertOfOtherShape_NamesFileAndTensor()
    {
        string message = Refused(static (tensor, original) => tensor == "vit.layernorm.weight"
            ? new TensorToWrite(tensor, original.SliceColumns(0, 32).Reshape(new Shape(32)))
            : new TensorToWrite(tensor, original));
        Assert.Contains(Path.Combine("digits", "model.safetensors"), message, StringComparison.Ordinal);
        Assert.Contains("'vit.layernorm.weight'", message, StringComparison.Ordinal);
        Assert.Contains("[64]", message, StringComparison.Ordinal);
        Assert.Contains("[32]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ensemble_ExpertWithoutATensor_NamesIt()
    {
        string message = Refused(static (tensor, original) =>
            tensor == "vit.layernorm.weight" ? null : new TensorToWrite(tensor, original));
        Assert.Contains("digits", message, StringComparison.Ordinal);
        Assert.Contains("'vit.layernorm.weight'", message, StringComparison.Ordinal);
        Assert.Contains("missing", message, StringComparison.Ordinal);
    }

    [Fact]
    public void RouterFile_OtherBaseOrExperts_Refuses()
    {
        using ScratchFolder scratch = new();
        using HostBackend backend = new(threads: 1);
        string path = scratch.File(RouterFile.FileName);
        using (SampleExperiment sample = new(backend))
        {
            using RoutedFusion fusion = new(sample.Ensemble, RouterSettings.Residual(Granularity.Module));
            RouterFile.Write(path, fusion, sample.Tasks);
            using RoutedFusion read = RouterFile.Read(path, sample.Ensemble);
            Assert.Equal(fusion.Parameters, read.Parameters);
        }

        RefusesRouters(backend, path, "expert of 'digits'", "fashion", "digits");
        RefusesRouters(backend, path, "2 experts, found 3", "digits", "fashion", "rotation");
    }

    [Theory]
    [InlineData(Scalarization.Linear, float.NaN)]
    [InlineData(Scalarization.Epo, float.NaN)]
    [InlineData(Scalarization.Epo, float.PositiveInfinity)]
    public void TrainStep_LossIsNotFinite_NamesStepAndTaskAndKeepsParameters(Scalarization scalarization, float value)
    {
        using HostBackend backend = new(threads: 1);
        using SampleExperiment sample = new(backend);
        using RoutedFusion fusion = new(sample.Ensemble, RouterSettings.Residual(Granularity.Module));
        using RouterTrainer trainer = new(
            fusion, sample.Tasks, new RouterTrainingSettings { BatchSize = 4, Scalarization = scalarization });
        trainer.TrainStep();
        float[] before = [.. fusion.Parameters];
        backend.Fill(sample.Tasks[1].Head.Parameters["classifier.bias"], value);
        string message = Assert.Throws<NonFiniteLossException>(trainer.TrainStep).Message;
        Assert.Contains("'fashion'", message, StringComparison.Ordinal);
        Assert.Contains("step 2", message, StringComparison.Ordinal);
        Assert.Equal(before, fusion.Parameters);
        Assert.Equal(1, trainer.Step);
    }

    [Fact]
    public void FineTuner_LossIsNotFinite_NamesStepAndTask()
    {
        using HostBackend backend = new(threads: 1);
        using SampleExperiment sample = new(backend);
        using FineTuner tuner = new(sample.Backbone, sample.Tasks, new FineTuningSettings { BatchSize = 4 });
        backend.Fill(sample.Tasks[0].Head.Parameters["classifier.bias"], float.NaN);
        float[] before = Bits.Of(backend, sample.Backbone.Parameters);
        string message = Assert.Throws<NonFiniteLossException>(tuner.TrainStep).Message;
        Assert.Contains("'digits'", message, StringComparison.Ordinal);
        Assert.Contains("step 1", message, StringComparison.Ordinal);
        Bits.AssertEqual("parameters", before, Bits.Of(backend, sample.Backbone.Parameters));
    }

    private static void RefusesRouters(IBackend backend, string path, string part, params string[] tasks)
    {
        using SampleExperiment sample = new(backend, tasks);
        string message = Assert.Throws<DataException>(() => RouterFile.Read(path, sample.Ensemble)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains(part, message, StringComparison.Ordinal);
    }

    /// <summary>The message for an ensemble whose first expert was changed.</summary>
    private static string Refused(Func<string, TensorRef, TensorToWrite?> change)
    {
        using ScratchFolder scratch = new();
        SampleExperiment.CopyModels(scratch.Path);
        using (Checkpoint original = Checkpoint.Open(SourceTree.PathOf("samples", "models", "digits")))
        {
            IEnumerable<TensorToWrite?> tensors = original.Names.Select(name => change(name, original.Tensor(name)));
            CheckpointWriter.Write(
                Path.Combine(scratch.Path, "digits"),
                [.. tensors.OfType<TensorToWrite>()],
                new CheckpointWriterOptions { ConfigurationText = original.Configuration.Text, Overwrite = true });
        }

        using HostBackend backend = new(threads: 1);
        return Assert.Throws<DataException>(() => SampleExperiment.In(scratch.Path, backend)).Message;
    }
}
