using System;
using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Compiles kernels on first use and enqueues them. The device itself is one implementation; whoever can run a kernel's code
/// elsewhere is another.</summary>
internal interface IKernelLauncher : IDisposable
{
    /// <summary>Enqueues one launch, at the next <see cref="Flush"/> at the latest.</summary>
    /// <param name="kernel">What runs; its group size is fixed.</param>
    /// <param name="grid">Groups; nothing happens if there is none.</param>
    /// <param name="args">Its arguments.</param>
    void Launch<TArgs>(DeviceKernel<TArgs> kernel, Index3D grid, in TArgs args)
        where TArgs : struct;

    /// <summary>Enqueues what has only been recorded. Whoever enqueues anything else on the device, or frees memory that launches may use,
    /// calls this before.</summary>
    void Flush();

    /// <summary>Waits for everything enqueued.</summary>
    void Synchronize();
}
