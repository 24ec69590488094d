using System;
using System.Collections.Generic;
using System.IO;
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

/// <summary>Small models of aligned sizes use no kernel that is not listed.</summary>
[Trait("Category", "Device")]
public sealed class StepKernelsTests
{
    private static readonly Dictionary<string, Action<BenchSetup>> Steps = new(StringComparer.Ordinal)
    {
        ["fine-tuning"] = static setup => TrainBench.Run(setup, "gpt2-tiny", 1, 8),
        ["fine-tuning of images"] = static setup => FineTune(setup.Backend),
        ["paper's routers"] = static setup =>
            ParetoStepBench.Run(setup, "vit-tiny", 2, 1, 8, DType.F32, RouterSettings.Paper(RoutedModules.Mlp)),
        ["residual routers"] = static setup =>
            ParetoStepBench.Run(setup, "gpt2-tiny", 2, 1, 8, DType.BF16, RouterSettings.Residual(Granularity.Row)),
        ["generation"] = static setup => GenerateBench.Run(setup, "gpt2-tiny", 2, DType.F32),
        ["generation from BF16"] = static setup => GenerateBench.Run(setup, "gpt2-tiny", 2, DType.BF16),
    };

    public static TheoryData<string, Precision> Cases => new(
        from step in Steps.Keys
        from precision in Enum.GetValues<Precision>()
        select (step, precision));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_AlignedSizes_UsesListedKernels(string step, Precision precision)
    {
        LaunchOptions options = new() { CollectCounters = false, HostThreads = Environment.ProcessorCount };
        InterpretedDevice device = new(CudaArchitecture.SM_80, options, multiprocessors: 4, precision);
        using BenchSetup setup = new(device.Backend, seconds: 0, TextWriter.Null, peaks: null) { Repeats = 2 };
        Steps[step](setup);
        HashSet<string> listed = [.. StepKernels.Of(device.Backend.Traits, precision).Select(static kernel => kernel.Name)];
        string[] used = [.. device.Launcher.Reports.Select(static launch => launch.Kernel).Distinct().Order(StringComparer.Ordinal)];
        Assert.True(used.Length > 5);
        Assert.Empty(used.Except(listed));
    }

    [Fact]
    public void Of_DeviceWithoutShuffles_ListsTheTwins()
    {
        DeviceTraits traits = new(BackendKind.OpenCl, "some GPU", 10, HasShuffles: false, HasTensorCores: false);
        string[] twins = [.. Names(traits)];
        string[] names = [.. Names(traits with { HasShuffles = true })];
        Assert.Equal(names.Length, twins.Length);
        Assert.Equal(names.Distinct(), names);
        Assert.NotEqual(names, twins);

        static IEnumerable<string> Names(DeviceTraits traits) => StepKernels.Of(traits, Precision.Float32)
            .Select(static kernel => $"{kernel.Name} {kernel.Method.DeclaringType}");
    }

    private static void FineTune(IBackend backend)
    {
        using SampleExperiment sample = new(backend);
        using FineTuner tuner = new(sample.Backbone, sample.Tasks, new FineTuningSettings { Steps = 1, BatchSize = 1, WarmupSteps = 0 });
        tuner.TrainStep();
    }
}
