using System;
using Engine.Bench;
using Engine.Kernels;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;

namespace Engine.Tests;

/// <summary>The device backend as on a CUDA GPU, its kernels run by the interpreter of PTX.</summary>
public sealed class InterpretedCudaFixture : IDisposable
{
    // So few that small products fill them with tiles of every size.
    private const int Multiprocessors = 4;

    private readonly InterpretedDevice _device;

    public InterpretedCudaFixture()
        : this(CudaArchitecture.SM_80, new LaunchOptions { CollectCounters = false, HostThreads = Environment.ProcessorCount })
    {
    }

    internal InterpretedCudaFixture(
        CudaArchitecture architecture,
        LaunchOptions options,
        Precision precision = Precision.Float32,
        int multiprocessors = Multiprocessors,
        Func<string, string>? mutation = null,
        bool withGraphs = false) =>
        _device = new InterpretedDevice(architecture, options, multiprocessors, precision, mutation, withGraphs);

    /// <summary>Computes.</summary>
    public IBackend Backend => _device.Backend;

    /// <summary>Launches so far.</summary>
    internal InterpretedLauncher Launcher => _device.Launcher;

    public void Dispose() => _device.Dispose();
}
