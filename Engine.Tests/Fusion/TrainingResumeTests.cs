using System;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class TrainingResumeTests
{
    private static readonly RouterTrainingSettings Settings = new() { Steps = 6, BatchSize = 8, Seed = 5, WeightDecay = 0.01 };

    [Theory]
    [InlineData(Granularity.Tensor, Scalarization.Epo)]
    [InlineData(Granularity.Row, Scalarization.Linear)]
    public void Restore_HalfwayState_ContinuesWithTheSameBits(Granularity granularity, Scalarization scalarization)
    {
        using ScratchFolder scratch = new();
        using HostBackend backend = new(threads: 2);
        RouterTrainingSettings settings = Settings with { Scalarization = scalarization };
        (float[] straight, double loss) = Train(backend, granularity, settings, steps: 6);
        Train(backend, granularity, settings, steps: 3, save: scratch.File("state"));
        (float[] resumed, double resumedLoss) = Train(backend, granularity, settings, steps: 3, restore: scratch.File("state"));
        Bits.AssertEqual("router parameters", straight, resumed);
        Assert.Equal(loss, resumedLoss);
    }

    [Fact]
    public void Restore_OtherSeedStepsRoutersTasksOrExperts_Refuses()
    {
        using ScratchFolder scratch = new();
        using HostBackend backend = new(threads: 1);
        string state = scratch.File("state");
        Train(backend, Granularity.Tensor, Settings, steps: 1, save: state);
        Refuses(backend, state, Granularity.Tensor, Settings with { Seed = 6 }, "training");
        Refuses(backend, state, Granularity.Tensor, Settings with { Steps = 7 }, "training");
        Refuses(backend, state, Granularity.Tensor, Settings with { Scalarization = Scalarization.Epo }, "training");
        Refuses(backend, state, Granularity.Module, Settings, "identity");
        Refuses(backend, state, Granularity.Tensor, Settings, "identity", "fashion", "digits");
        Refuses(backend, state, Granularity.Tensor, Settings, "identity", "digits", "rotation");
    }

    [Fact]
    public void Restore_OtherBase_Refuses()
    {
        using ScratchFolder scratch = new();
        using HostBackend backend = new(threads: 1);
        string state = scratch.File("state");
        Train(backend, Granularity.Tensor, Settings, steps: 1, save: state);
        SampleExperiment.CopyModels(scratch.Path);
        System.IO.File.Copy(
            SourceTree.PathOf("samples", "models", "digits", "model.safetensors"),
            System.IO.Path.Combine(scratch.Path, "base", "model.safetensors"),
            overwrite: true);
        using SampleExperiment sample = SampleExperiment.In(scratch.Path, backend);
        using RoutedFusion fusion = new(sample.Ensemble, RouterSettings.Residual(Granularity.Tensor));
        using RouterTrainer trainer = new(fusion, sample.Tasks, Settings);
        Assert.Contains(state, Assert.Throws<DataException>(() => trainer.Restore(state)).Message, StringComparison.Ordinal);
        Assert.Equal(0, trainer.Step);
    }

    private static void Refuses(
        IBackend backend, string state, Granularity granularity, RouterTrainingSettings settings, string part, params string[] tasks)
    {
        using SampleExperiment sample = new(backend, tasks);
        using RoutedFusion fusion = new(sample.Ensemble, RouterSettings.Residual(granularity));
        using RouterTrainer trainer = new(fusion, sample.Tasks, settings);
        string message = Assert.Throws<DataException>(() => trainer.Restore(state)).Message;
        Assert.Contains(state, message, StringComparison.Ordinal);
        Assert.Contains($"expected {part} ", message, StringComparison.Ordinal);
        Assert.Equal(0, trainer.Step);
    }

    private static (float[] Parameters, double Loss) Train(
        IBackend backend, Granularity granularity, RouterTrainingSettings settings, int steps, string? restore = null, string? save = null)
    {
        using SampleExperiment sample = new(backend);
        using RoutedFusion fusion = new(sample.Ensemble, RouterSettings.Residual(granularity));
        using RouterTrainer trainer = new(fusion, sample.Tasks, settings);
        if (restore is not null)
        {
            trainer.Restore(restore);
        }

        for (int step = 0; step < steps; step++)
        {
            trainer.TrainStep();
        }

        if (save is not null)
        {
            trainer.Save(save);
        }

        return (fusion.Parameters, trainer.Objective.ScalarLoss);
    }
}
