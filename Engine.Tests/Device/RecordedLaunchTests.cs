using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Bench;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Kernels.Device;
using Engine.Models;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>Ops and trainings whose launches are recorded and enqueued as graphs, on the interpreter of PTX.</summary>
[Trait("Category", "Device")]
public sealed class RecordedLaunchTests : IDisposable
{
    private const int Count = 8;

    // The first is recorded, the second made into graphs, the third gives them other parameters.
    private const int Steps = 3;
    private readonly InterpretedCudaFixture _device = Open(withGraphs: true);

    private IBackend Backend => _device.Backend;

    private InterpretedLauncher Launcher => _device.Launcher;

    public void Dispose() => _device.Dispose();

    /// <summary>What orders against kernels, and the launches that it has to wait for.</summary>
    public static TheoryData<string> FlushPoints => ["download", "upload", "large upload", "arena", "free", "bytes", "bind", "synchronize"];

    [Theory]
    [MemberData(nameof(FlushPoints))]
    public void Recorded_LaunchesAreEnqueuedBefore(string what)
    {
        using Arena arena = Backend.CreateArena("test", 1 << 10);
        using Arena freed = Backend.CreateArena("freed", 1 << 10);
        using Arena large = Backend.CreateArena("large", (TransferRing.MostUploadBytes + 4096) * (what == "large upload" ? 1L : 0) + 1024);
        TensorRef x = arena.Allocate("x", DType.F32, new Shape(Count));
        TensorRef y = arena.Allocate("y", DType.F32, new Shape(Count));
        TensorRef z = freed.Allocate("z", DType.F32, new Shape(Count));
        Backend.Upload<float>(Enumerable.Repeat(2f, Count).ToArray(), x);
        Backend.Fill(y, 1);
        Backend.Fill(z, 1);
        Launcher.Flush();
        Launcher.Reports.Clear();
        Backend.Axpy(3, x, y);
        Backend.Axpy(1, x, z);
        Assert.Empty(Launcher.Reports);
        switch (what)
        {
            case "download":
                Assert.All(Bits.Of(Backend, y), static value => Assert.Equal(7, value));
                break;
            case "upload":
                Backend.Upload<float>(new float[Count], x);
                break;
            case "large upload":
                TensorRef much = large.Allocate("much", DType.F32, new Shape((TransferRing.MostUploadBytes / sizeof(float)) + 1));
                Backend.Upload<float>(new float[much.ElementCount], much);
                break;
            case "arena":
                Backend.CreateArena("another", 16).Dispose();
                break;
            case "free":
                freed.Dispose();
                break;
            case "bytes":
                TensorRef numbers = arena.Allocate("numbers", DType.I32, new Shape(Count));
                Backend.Copy(numbers, arena.Allocate("others", DType.I32, new Shape(Count)));
                break;
            case "bind":
                ((DeviceBackend)Backend).Bind();
                break;
            default:
                Backend.Synchronize();
                break;
        }

        Assert.Equal(["axpy", "axpy"], Launcher.Reports.Select(static launch => launch.Kernel));
        Assert.All(Bits.Of(Backend, y), static value => Assert.Equal(7, value));
    }

    /// <summary>The second sum needs more scratch memory than the first, which is recorded with the memory that is then freed.</summary>
    [Fact]
    public void Scratch_Grows_RecordedLaunchesRunBefore()
    {
        using Arena arena = Backend.CreateArena("test", 1 << 22);
        List<TensorRef> sums = [];
        foreach (int columns in (int[])[8, 64, 512])
        {
            TensorRef x = arena.Allocate("x", DType.F32, new Shape(600, columns));
            sums.Add(arena.Allocate("sums", DType.F32, new Shape(columns)));
            Backend.Fill(x, 1);
            Backend.SumRows(x, sums[^1]);
        }

        Assert.NotEmpty(Launcher.Reports);
        foreach (TensorRef sum in sums)
        {
            Assert.All(Bits.Of(Backend, sum), static value => Assert.Equal(600, value));
        }
    }

    [Fact]
    public void SelfTest_Recorded_FindsNoProblem() => Assert.Null(DeviceSelfTest.FindProblem(Backend));

    [Theory]
    [InlineData(null)]
    [InlineData("there are no graphs here")]
    public void FineTuner_Steps_SameBitsAsOneByOne(string? lacksGraphs)
    {
        Launcher.Queue.LacksGraphs = lacksGraphs;
        ((DeviceBackend)Backend).PrepareKernels();
        using InterpretedCudaFixture direct = Open(withGraphs: false);
        Bits.AssertEqual("parameters", FineTune(direct.Backend), FineTune(Backend));
        Assert.Null(direct.Launcher.Graphs);
        Assert.Equal(lacksGraphs, Launcher.Graphs!.Failure);
        Assert.Equal(lacksGraphs is null, Launcher.Graphs.Replays > 0);

        // The optimiser's step is a parameter.
        Assert.Equal(lacksGraphs is null, Launcher.Queue.ParametersSet > 0);
    }

    [Fact]
    public void RouterTrainer_Steps_SameBitsAsOneByOne()
    {
        using InterpretedCudaFixture direct = Open(withGraphs: false);
        Bits.AssertEqual("routers", TrainRouters(direct.Backend), TrainRouters(Backend));
        Assert.True(Launcher.Graphs!.Replays > 4);
        Assert.Null(Launcher.Graphs.Failure);
    }

    private static InterpretedCudaFixture Open(bool withGraphs) => new(
        CudaArchitecture.SM_80,
        new LaunchOptions { CollectCounters = false, HostThreads = Environment.ProcessorCount },
        withGraphs: withGraphs);

    /// <summary>Trains a tiny language model.</summary>
    /// <returns>Its parameters.</returns>
    internal static float[] FineTune(IBackend backend)
    {
        using Gpt2Backbone backbone = (Gpt2Backbone)BenchModels.Create(backend, "gpt2-tiny");
        Batch batch = BenchModels.RandomBatch(backbone, 1, 8);
        using SupervisedTask task = new(
            "text", new TiedLanguageModelHead(backbone), Objective.LanguageModeling, new OneBatchDataset(batch));
        using FineTuner tuner = new(
            backbone, [task], new FineTuningSettings { Steps = Steps, BatchSize = 1, WarmupSteps = 1, LearningRate = 0.01 });
        for (int step = 0; step < Steps; step++)
        {
            tuner.TrainStep();
        }

        return Bits.Of(backend, backbone.Parameters);
    }

    private static float[] TrainRouters(IBackend backend)
    {
        using TinyExperiment tiny = new(backend);
        using RoutedFusion fusion = new(tiny.Ensemble, RouterSettings.Residual(Granularity.Module));
        using RouterTrainer trainer = new(fusion, tiny.Tasks, new RouterTrainingSettings { Steps = Steps, BatchSize = 1 });
        for (int step = 0; step < Steps; step++)
        {
            trainer.TrainStep();
        }

        return [.. fusion.Parameters];
    }
}
