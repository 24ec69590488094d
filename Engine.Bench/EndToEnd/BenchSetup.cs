using System;
using Engine.Kernels;
using Engine.Kernels.Host;

namespace Engine.Bench;

/// <summary>The backend that is measured, and the peaks of the machine, measured in the same run.</summary>
internal sealed class BenchSetup : IDisposable
{
    private readonly Lazy<MachinePeaks> _peaks;

    /// <param name="threads">Worker threads; 0 for one per processor.</param>
    public BenchSetup(int threads)
    {
        int workers = threads == 0 ? Environment.ProcessorCount : threads;
        _peaks = new Lazy<MachinePeaks>(() => MachinePeaks.Measure(workers, HostIsaProbe.Choose()));
        Backend = new HostBackend(workers);
    }

    /// <summary>Measured when first asked for: after a case has run, so that its peak memory is its own.</summary>
    public MachinePeaks Peaks => _peaks.Value;

    public IBackend Backend { get; }

    public void Dispose() => Backend.Dispose();
}
