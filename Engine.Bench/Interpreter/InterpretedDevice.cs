using System;
using Engine.Kernels;
using Engine.Kernels.Device;
using Engine.PtxInterpreter;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace Engine.Bench;

/// <summary>The device backend as on a CUDA GPU, its kernels run by the interpreter of PTX.</summary>
internal sealed class InterpretedDevice : IDisposable
{
    /// <param name="architecture">For example sm_80.</param>
    /// <param name="options">How to run.</param>
    /// <param name="multiprocessors">That plans count on.</param>
    /// <param name="precision">Of products.</param>
    /// <param name="mutation">What becomes of the text of every kernel before it runs.</param>
    /// <param name="withGraphs">Sequences of launches that come again run as graphs.</param>
    public InterpretedDevice(
        CudaArchitecture architecture,
        LaunchOptions options,
        int multiprocessors,
        Precision precision = Precision.Float32,
        Func<string, string>? mutation = null,
        bool withGraphs = false)
    {
        Context context = DeviceContext.Create(static builder => builder.CPU());
        Accelerator memory = context.GetPreferredDevice(preferCPU: true).CreateAccelerator(context);
        Launcher = new InterpretedLauncher(architecture, options, mutation, withGraphs);
        DeviceTraits traits = new(
            BackendKind.Cuda,
            architecture.ToString(),
            multiprocessors,
            HasShuffles: true,
            HasTensorCores: true,
            MaxDynamicSharedBytes: architecture >= CudaArchitecture.SM_90 ? 227 << 10 : 163 << 10);
        Backend = new DeviceBackend("interpreted-cuda", memory, memory.CreateStream(), Launcher, traits, context, precision);
    }

    /// <summary>Computes.</summary>
    public DeviceBackend Backend { get; }

    /// <summary>Knows the launches so far.</summary>
    public InterpretedLauncher Launcher { get; }

    /// <inheritdoc/>
    public void Dispose() => Backend.Dispose();
}
