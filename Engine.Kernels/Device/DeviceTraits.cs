namespace Engine.Kernels.Device;

/// <summary>What kernels and launchers choose by.</summary>
/// <param name="Kind">CUDA, OpenCL or the simulation.</param>
/// <param name="Name">The device's own name.</param>
/// <param name="Multiprocessors">Groups that run at the same time, at least; grids are sized by it.</param>
/// <param name="HasShuffles">Warps of 32 threads exchange registers; otherwise kernels use their shared-memory twins.</param>
/// <param name="HasTensorCores">Inline PTX works, with asynchronous copies and matrix products in BF16 and TF32: CUDA, sm_80 or
/// newer.</param>
/// <param name="MaxDynamicSharedBytes">Shared memory that a kernel may ask for at its launch, less what it declares itself; 0 where
/// launches give none beside what kernels declare.</param>
internal sealed record DeviceTraits(
    BackendKind Kind, string Name, int Multiprocessors, bool HasShuffles, bool HasTensorCores, int MaxDynamicSharedBytes = 0)
{
    /// <summary>Checks that products can be computed so.</summary>
    /// <exception cref="BackendException">They cannot.</exception>
    public void Require(Precision precision)
    {
        if (precision != Precision.Float32 && !HasTensorCores)
        {
            throw LacksPrecision($"{Name} ({Kind})", precision);
        }
    }

    /// <summary>What to throw if a device does not round as asked.</summary>
    /// <param name="device">Its name.</param>
    /// <param name="precision">What was asked for.</param>
    public static BackendException LacksPrecision(string device, Precision precision) => new(
        $"{device} computes products in {Precision.Float32}; {precision} was asked for, which needs an NVIDIA GPU of architecture sm_80 or "
        + "newer through CUDA.");
}
