using ILGPU.Runtime;

namespace Engine.Kernels.Device;

/// <content>What measurements need beside the ops.</content>
internal sealed partial class DeviceBackend
{
    /// <summary>The stream on which the ops are enqueued.</summary>
    public AcceleratorStream Stream => _stream;

    /// <summary>Sequences of launches that are enqueued as graphs; null if launches are enqueued one by one.</summary>
    public LaunchGraphs? Graphs => (_launcher as QueueLauncher)?.Graphs;

    /// <summary>Makes the device current on this thread, for calls into libraries beside ILGPU, and enqueues the ops so far.</summary>
    public void Bind()
    {
        _launcher.Flush();
        _accelerator.Bind();
    }

    /// <summary>Compiles a kernel for this device and asks the driver what became of it.</summary>
    /// <returns>The resources, and how many of the kernel's groups a multiprocessor runs at the same time.</returns>
    /// <exception cref="BackendException">This is not an NVIDIA GPU, or its driver refuses the kernel.</exception>
    public (KernelResources Resources, int GroupsPerMultiprocessor) Inspect(IDeviceKernel kernel)
    {
        if (_launcher is not QueueLauncher { Queue: CudaLaunchQueue queue })
        {
            throw new BackendException($"{Info.Description}: only NVIDIA's driver tells registers and spills of kernels.");
        }

        return queue.Inspect(kernel);
    }
}
