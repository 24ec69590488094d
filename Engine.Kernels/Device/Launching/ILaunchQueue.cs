using System;

namespace Engine.Kernels.Device;

/// <summary>Takes launches whose parameters are packed, in order: a driver, or whoever runs a kernel's code elsewhere.</summary>
internal interface ILaunchQueue : IDisposable
{
    /// <summary>Compiles a kernel, unless that has been done. May be called on several threads; who asks for a kernel that is being
    /// compiled waits for it.</summary>
    /// <exception cref="BackendException">It does not compile.</exception>
    void Load(IDeviceKernel kernel);

    /// <summary>Enqueues one launch.</summary>
    /// <param name="launch">Kernel, which is loaded, and grid.</param>
    /// <param name="parameters">Its parameter block; may change as soon as this returns.</param>
    /// <exception cref="BackendException">The device refuses it.</exception>
    void Launch(in KernelLaunch launch, ReadOnlySpan<byte> parameters);

    /// <summary>Makes a graph of launches that run one after the other. Nothing is enqueued.</summary>
    /// <exception cref="BackendException">There are no graphs here.</exception>
    ILaunchGraph CreateGraph(LaunchSegment segment);

    /// <summary>Waits for everything enqueued.</summary>
    /// <exception cref="BackendException">The device has failed.</exception>
    void Synchronize();
}
