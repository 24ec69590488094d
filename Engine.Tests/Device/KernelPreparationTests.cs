using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using Engine.Bench;
using Engine.Kernels;
using Engine.Kernels.Device;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

public sealed class KernelPreparationTests
{
    private static readonly IDeviceKernel[] Kernels = [.. KernelCatalogue.All.Take(20)];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Start_AllKernels_AreLoadedOnce(int threads)
    {
        ConcurrentQueue<IDeviceKernel> loaded = [];
        using CountdownEvent left = new(Kernels.Length);
        using KernelPreparation preparation = new(
            kernel =>
            {
                loaded.Enqueue(kernel);
                left.Signal();
            },
            threads);
        preparation.Start(Kernels);
        Assert.True(left.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(Kernels, loaded.OrderBy(static kernel => Array.IndexOf(Kernels, kernel)));
    }

    [Fact]
    public void Dispose_WhileAKernelIsCompiled_WaitsForItAndNoOther()
    {
        using ManualResetEventSlim begun = new();
        int loaded = 0;
        KernelPreparation preparation = new(
            _ =>
            {
                begun.Set();
                Thread.Sleep(50);
                Interlocked.Increment(ref loaded);
            },
            threads: 1);
        preparation.Start(Kernels);
        begun.Wait(TestContext.Current.CancellationToken);
        preparation.Dispose();
        int then = loaded;
        Assert.InRange(then, 1, Kernels.Length - 1);
        Thread.Sleep(60);
        Assert.Equal(then, loaded);
    }

    [Fact]
    public void Start_KernelsDoNotCompile_LaunchTellsNotBefore()
    {
        using InterpretedLauncher launcher = new(
            CudaArchitecture.SM_80,
            new LaunchOptions(),
            static text => text.Replace("ret;", "no such instruction;", StringComparison.Ordinal));
        launcher.Prepare([AxpyKernel.Kernel, ActivateKernel.Kernel]);
        string message = Assert.Throws<BackendException>(
            () => launcher.Launch(AxpyKernel.Kernel, new ILGPU.Index3D(1, 1, 1), default)).Message;
        Assert.StartsWith("axpy does not compile", message, StringComparison.Ordinal);
    }
}
