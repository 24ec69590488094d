using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>A launch without its parameters.</summary>
/// <param name="Kernel">What runs; it fixes threads per group and dynamic shared memory.</param>
/// <param name="Grid">Groups.</param>
internal readonly record struct KernelLaunch(IDeviceKernel Kernel, Index3D Grid);
