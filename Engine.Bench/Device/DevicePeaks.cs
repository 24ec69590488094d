using Engine.Kernels;
using Engine.Kernels.Device;
using Engine.Kernels.Host;

namespace Engine.Bench;

/// <summary>What a device can do at most, measured in the same run.</summary>
internal static class DevicePeaks
{
    // Groups of 256 threads that fill a multiprocessor.
    private const int GroupsPerMultiprocessor = 8;

    /// <summary>Measures multiply-adds on registers, and the driver's own copy from device to device.</summary>
    /// <param name="backend">The device; for the processor, see <see cref="MachinePeaks"/>.</param>
    /// <param name="timer">Of the same device.</param>
    /// <param name="scale">Sizes.</param>
    public static MachinePeaks Measure(IBackend backend, DeviceTimer timer, DeviceScale scale) => backend is DeviceBackend device
        ? new MachinePeaks(Fma(device, timer, scale.FmaRounds), Copy(backend, timer, scale.CopyBytes))
        : MachinePeaks.Measure(backend.Info.Threads, HostIsaProbe.Choose());

    private static double Fma(DeviceBackend device, DeviceTimer timer, int rounds)
    {
        int groups = device.Traits.Multiprocessors * GroupsPerMultiprocessor;
        int threads = groups * FmaPeakKernel.GroupSize;
        using Arena arena = device.CreateArena("sums of chains", Arena.AlignedSize(DType.F32, new Shape(threads)));
        TensorRef sums = arena.Allocate("sums", DType.F32, new Shape(threads));
        FmaPeakKernel.Args args = new() { Y = ((DeviceBuffer)sums.Buffer!).View.Cast<float>(), A = 0.5f, B = 0.25f, Rounds = rounds };
        double flops = 2.0 * threads * FmaPeakKernel.FmasPerRound * rounds;
        return flops / timer.Median(_ => FmaPeakKernel.Launch(device.Launcher, groups, args)) / 1e9;
    }

    /// <summary>The driver's own copy from device to device, GB/s, read and written.</summary>
    /// <param name="backend">The device.</param>
    /// <param name="timer">Of the same device.</param>
    /// <param name="bytes">That are copied.</param>
    public static double Copy(IBackend backend, DeviceTimer timer, int bytes)
    {
        // Tensors that are not of numbers go through the driver's copy and not through a kernel of ours.
        Shape shape = new(bytes / sizeof(int));
        using Arena arena = backend.CreateArena("copy", 2 * Arena.AlignedSize(DType.I32, shape));
        TensorRef source = arena.Allocate("source", DType.I32, shape);
        TensorRef destination = arena.Allocate("destination", DType.I32, shape);
        return 2.0 * bytes / timer.Median(_ => backend.Copy(source, destination)) / 1e9;
    }
}
