using System;
using System.IO;
using Engine.Kernels;
using Engine.Kernels.Device;
using Engine.Kernels.Host;

namespace Engine.Bench;

/// <summary>The backend that is measured, for how long, where the lines go, and the peaks of the processor.</summary>
internal sealed class BenchSetup : IDisposable
{
    private readonly double? _seconds;
    private readonly Lazy<MachinePeaks?> _peaks;

    /// <param name="backend">What is measured; owned from here on.</param>
    /// <param name="seconds">Least time of all repeats of a case; null for what the case thinks enough.</param>
    /// <param name="output">Receives a line per case.</param>
    /// <param name="peaks">Of the machine; measured in this run if null.</param>
    public BenchSetup(IBackend backend, double? seconds, TextWriter output, MachinePeaks? peaks)
    {
        _seconds = seconds;
        Output = output;
        Backend = backend;
        (backend as DeviceBackend)?.Prepared.Wait();
        _peaks = new Lazy<MachinePeaks?>(() => backend.Info.Kind == BackendKind.Host
            ? peaks ?? MachinePeaks.Measure(backend.Info.Threads, HostIsaProbe.Choose())
            : null);
    }

    /// <summary>Measured when first asked for: after a case has run, so that its peak memory is its own. Null for other devices, whose
    /// peaks the processor's say nothing about.</summary>
    public MachinePeaks? Peaks => _peaks.Value;

    public IBackend Backend { get; }

    public TextWriter Output { get; }

    /// <summary>Repeats of every case, for those who look at what runs and not at its time; null for what the case thinks enough.</summary>
    public int? Repeats { get; init; }

    /// <summary>Times an action, until the device is through with it.</summary>
    /// <param name="action">What is timed.</param>
    /// <param name="leastRepeats">Counted repeats at the least.</param>
    /// <param name="leastSeconds">Time of all counted repeats at the least, unless the user says otherwise.</param>
    /// <param name="reads">Reads between repeats, if there are to be some.</param>
    public Measurement Measure(Action action, int leastRepeats = 5, double leastSeconds = 3, ReadComparison? reads = null) =>
        Measurement.Of(
            () =>
            {
                action();
                Backend.Synchronize();
            },
            Repeats ?? leastRepeats,
            _seconds ?? leastSeconds,
            reads,
            warmUps: Repeats is null ? 2 : 0);

    /// <summary>Plain reads to set a case beside; null for other devices than the processor.</summary>
    /// <param name="memory">What is read: larger than the caches.</param>
    /// <param name="bytes">What one repeat of the case reads.</param>
    public ReadComparison? CompareWithReads(TensorRef memory, double bytes) =>
        Backend.Info.Kind == BackendKind.Host ? new ReadComparison(Backend.Info.Threads, memory, bytes) : null;

    public void Dispose() => Backend.Dispose();
}
