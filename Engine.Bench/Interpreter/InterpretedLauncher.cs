using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Engine.Kernels.Device;
using Engine.PtxInterpreter;
using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Engine.Bench;

/// <summary>Launches kernels as on a CUDA GPU, onto the interpreter of PTX.</summary>
internal sealed class InterpretedLauncher : IKernelLauncher
{
    private readonly InterpretedQueue _queue;
    private readonly QueueLauncher _launcher;

    /// <param name="architecture">For example sm_80.</param>
    /// <param name="options">How to run.</param>
    /// <param name="mutation">What becomes of the text of every kernel before it runs.</param>
    /// <param name="withGraphs">Sequences of launches that come again run as graphs.</param>
    public InterpretedLauncher(
        CudaArchitecture architecture, LaunchOptions options, Func<string, string>? mutation = null, bool withGraphs = false)
    {
        _queue = new InterpretedQueue(architecture, options, mutation);
        _launcher = new QueueLauncher(_queue, withGraphs);
    }

    /// <summary>The interpreter.</summary>
    public InterpretedQueue Queue => _queue;

    /// <summary>The graphs; null without them.</summary>
    public LaunchGraphs? Graphs => _launcher.Graphs;

    /// <summary>Reports of all launches since the list was cleared.</summary>
    public List<(string Kernel, LaunchReport Report)> Reports => _queue.Reports;

    /// <summary>How often somebody has waited for the device.</summary>
    public int Waits => _queue.Waits;

    /// <inheritdoc/>
    public Task Prepare(IReadOnlyList<IDeviceKernel> kernels) => _launcher.Prepare(kernels);

    /// <inheritdoc/>
    public void Launch<TArgs>(DeviceKernel<TArgs> kernel, Index3D grid, in TArgs args)
        where TArgs : struct => _launcher.Launch(kernel, grid, args);

    /// <summary>Everything that the launches since the list was cleared were found to do wrong.</summary>
    public IEnumerable<string> Findings() =>
        from launch in Reports
        from finding in launch.Report.Findings
        select $"{launch.Kernel}: {finding}";

    /// <inheritdoc/>
    public void Flush() => _launcher.Flush();

    /// <inheritdoc/>
    public void Synchronize() => _launcher.Synchronize();

    /// <inheritdoc/>
    public void Dispose() => _launcher.Dispose();
}
