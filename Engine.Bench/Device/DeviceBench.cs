using System;
using System.Collections.Generic;
using Engine.Kernels;
using Engine.Kernels.Device;

namespace Engine.Bench;

/// <summary>A device with its peaks and its yardstick for products.</summary>
internal sealed class DeviceBench : IDisposable
{
    /// <param name="backend">The device; the caller disposes it.</param>
    /// <param name="scale">Sizes.</param>
    /// <param name="seconds">Least time of a sample.</param>
    /// <param name="peaks">Of the device; measured now if null.</param>
    public DeviceBench(IBackend backend, DeviceScale scale, double seconds, MachinePeaks? peaks = null)
    {
        Backend = backend;
        Scale = scale;
        (backend as DeviceBackend)?.Prepared.Wait();
        Timer = new DeviceTimer(backend, seconds);
        Peaks = peaks ?? DevicePeaks.Measure(backend, Timer, scale);
        (Yardstick, YardstickName) = FindYardstick(backend);
    }

    /// <summary>Computes.</summary>
    public IBackend Backend { get; }

    /// <summary>Sizes.</summary>
    public DeviceScale Scale { get; }

    /// <summary>Times.</summary>
    public DeviceTimer Timer { get; }

    /// <summary>Of the device, in this run.</summary>
    public MachinePeaks Peaks { get; }

    /// <summary>Somebody else's products; null if none is installed.</summary>
    public IGemmYardstick? Yardstick { get; }

    /// <summary>Its name, or why there is none.</summary>
    public string YardstickName { get; }

    /// <summary>All cases of a scale, in the order of the table; below float32, which only products know, those.</summary>
    public static IReadOnlyList<DeviceCase> Cases(DeviceScale scale, Precision precision = Precision.Float32) =>
        [.. ProductCases.Create(scale, precision), .. precision == Precision.Float32 ? StreamingCases.Create(scale) : []];

    /// <summary>How many sets of operands are used in turn, so that none is found in a cache.</summary>
    /// <param name="bytes">Of one set.</param>
    public int SetsFor(double bytes) => (int)Math.Clamp(Math.Ceiling(Scale.ColdBytes / bytes), 1, 64);

    public void Dispose() => Yardstick?.Dispose();

    /// <summary>A yardstick that is installed but does not start is no reason not to measure.</summary>
    private static (IGemmYardstick? Yardstick, string Name) FindYardstick(IBackend backend)
    {
        try
        {
            IGemmYardstick? found = backend switch
            {
                DeviceBackend device => CuBlas.TryLoad(device),
                _ when backend.Info.Kind == BackendKind.Host => OpenBlas.TryLoad(backend.Info.Threads),
                _ => null,
            };
            return (found, found?.Name ?? "none installed");
        }
        catch (Exception exception) when (exception is BackendException or EntryPointNotFoundException)
        {
            return (null, $"none ({exception.Message})");
        }
    }
}
