using System;
using Engine.Kernels;
using Engine.Kernels.Host;

namespace Engine.Bench;

/// <summary>The backend that is measured and the peaks of the machine, measured just before.</summary>
internal sealed class BenchSetup : IDisposable
{
    /// <param name="threads">Worker threads; 0 for one per processor.</param>
    public BenchSetup(int threads)
    {
        int workers = threads == 0 ? Environment.ProcessorCount : threads;
        Peaks = MachinePeaks.Measure(workers, HostIsaProbe.Choose());
        Backend = new HostBackend(workers);
    }

    public MachinePeaks Peaks { get; }

    public IBackend Backend { get; }

    public void Dispose() => Backend.Dispose();
}
