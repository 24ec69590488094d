using System;
using Engine.Kernels;
using Engine.Kernels.Device;
using Engine.PtxInterpreter;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace Engine.Tests;

/// <summary>The device backend as on a CUDA GPU, its kernels run by the interpreter of PTX.</summary>
public sealed class InterpretedCudaFixture : IDisposable
{
    private readonly InterpretedLauncher _launcher;
    private readonly DeviceBackend _backend;

    public InterpretedCudaFixture()
        : this(CudaArchitecture.SM_80, new LaunchOptions { CollectCounters = false, HostThreads = Environment.ProcessorCount })
    {
    }

    internal InterpretedCudaFixture(
        CudaArchitecture architecture,
        LaunchOptions options,
        Precision precision = Precision.Float32,
        int multiprocessors = 4,
        Func<string, string>? mutation = null)
    {
        Context context = DeviceContext.Create(static builder => builder.CPU());
        Accelerator memory = context.GetPreferredDevice(preferCPU: true).CreateAccelerator(context);
        _launcher = new InterpretedLauncher(architecture, options, mutation);
        DeviceTraits traits = new(BackendKind.Cuda, architecture.ToString(), multiprocessors, HasShuffles: true, HasTensorCores: true);
        _backend = new DeviceBackend("interpreted-cuda", memory, memory.CreateStream(), _launcher, traits, context, precision);
    }

    /// <summary>Computes.</summary>
    public IBackend Backend => _backend;

    /// <summary>Launches so far.</summary>
    internal InterpretedLauncher Launcher => _launcher;

    public void Dispose() => _backend.Dispose();
}
