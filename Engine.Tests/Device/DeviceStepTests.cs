using System;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Kernels.Device;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>What a training step on a device costs the processor.</summary>
[Collection(DeviceCollection.Name)]
[Trait("Category", "Device")]
public sealed class DeviceStepTests(DeviceFixture device, InterpretedCudaFixture cuda) : IClassFixture<InterpretedCudaFixture>
{
    /// <summary>The kernels of a step: its transfers make ILGPU allocate 80 bytes each.</summary>
    [Fact]
    public void Forward_OnDevice_AllocatesForItsTransfersOnly()
    {
        using SampleExperiment sample = new(device.Backend);
        Batch batch = sample.Batches(2)[0];
        sample.Backbone.Forward(batch, ForwardMode.Inference);
        long allocated = long.MaxValue;

        // A collection counts the rest of this thread's allocation buffer as allocated; what a forward allocates shows in every attempt.
        for (int attempt = 0; attempt < 10 && allocated > 2 * 80; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            sample.Backbone.Forward(batch, ForwardMode.Inference);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.InRange(allocated, 0, 2 * 80);
    }

    [Fact]
    public void RouterTrainer_Step_WaitsForLossesRoutingGradientAndRoutersOnly()
    {
        using TinyExperiment tiny = new(cuda.Backend);
        using RoutedFusion fusion = new(tiny.Ensemble, RouterSettings.Residual(Granularity.Tensor));
        using RouterTrainer trainer = new(fusion, tiny.Tasks, new RouterTrainingSettings { Steps = 50, BatchSize = 1 });
        trainer.TrainStep();
        int waits = cuda.Launcher.Waits;
        trainer.TrainStep();
        Assert.Equal(tiny.Tasks.Length + 2, cuda.Launcher.Waits - waits);
    }

    [Fact]
    public void FineTuner_Step_WaitsForTheLossesOnly()
    {
        using TinyExperiment tiny = new(cuda.Backend);
        using FineTuner tuner = new(tiny.Backbone, tiny.Tasks, new FineTuningSettings { Steps = 50, BatchSize = 3 });
        tuner.TrainStep();
        int waits = cuda.Launcher.Waits;
        tuner.TrainStep();
        Assert.Equal(tiny.Tasks.Length, cuda.Launcher.Waits - waits);
    }

    [Fact]
    public void CreateArena_MoreThanTheDeviceHas_NamesPurposeAndBytes()
    {
        Assert.SkipUnless(device.Backend is DeviceBackend, "The processor's memory is not a device's.");
        BackendException exception = Assert.Throws<BackendException>(() => device.Backend.CreateArena("far too much", 1L << 50));
        Assert.Contains("'far too much'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("1,125,899,906,842,624 bytes", exception.Message, StringComparison.Ordinal);
    }
}
