namespace Engine.Kernels.Device;

/// <summary>What kernels and launchers choose by.</summary>
/// <param name="Kind">CUDA, OpenCL or the simulation.</param>
/// <param name="Name">The device's own name.</param>
/// <param name="Multiprocessors">Groups that run at the same time, at least; grids are sized by it.</param>
/// <param name="HasShuffles">Warps of 32 threads exchange registers; otherwise kernels use their shared-memory twins.</param>
/// <param name="RunsPtx">Inline PTX works: tensor cores, asynchronous copies.</param>
internal sealed record DeviceTraits(BackendKind Kind, string Name, int Multiprocessors, bool HasShuffles, bool RunsPtx);
