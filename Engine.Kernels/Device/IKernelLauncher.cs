using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Compiles kernels on first use and enqueues them. The device itself is one implementation; whoever can run a kernel's code
/// elsewhere is another.</summary>
internal interface IKernelLauncher : IDisposable
{
    /// <summary>Begins to compile kernels in the background, once. A launch waits for its own kernel, and tells if that does not
    /// compile.</summary>
    /// <param name="kernels">What will be launched first comes first.</param>
    /// <returns>Ends when all are compiled, or with the launcher; never fails.</returns>
    Task Prepare(IReadOnlyList<IDeviceKernel> kernels);

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
