using ILGPU;
using ILGPU.Runtime;

namespace Engine.Kernels.Device;

/// <summary>Memory of a device, aligned to 256 bytes as drivers align theirs.</summary>
internal sealed class DeviceBuffer : TensorBuffer
{
    private const int Alignment = 256;

    private readonly MemoryBuffer1D<byte, Stride1D.Dense> _memory;
    private readonly IKernelLauncher _launcher;

    /// <summary>Allocates memory; its content is undefined.</summary>
    /// <param name="accelerator">Where.</param>
    /// <param name="launcher">Whose launches may use it.</param>
    /// <param name="name">Purpose, for messages.</param>
    /// <param name="byteLength">Size in bytes; may be 0.</param>
    /// <exception cref="BackendException">The device has not as much.</exception>
    public DeviceBuffer(Accelerator accelerator, IKernelLauncher launcher, string name, long byteLength)
        : base(name, byteLength)
    {
        _launcher = launcher;

        // ILGPU's memory of the processor, where kernels run without a GPU, begins anywhere.
        bool beginsAnywhere = accelerator.AcceleratorType == AcceleratorType.CPU;
        try
        {
            long length = System.Math.Max(byteLength, NativeBuffer.Alignment);
            _memory = accelerator.Allocate1D<byte>(beginsAnywhere ? length + Alignment : length);
            View = beginsAnywhere ? _memory.View.SubView(-_memory.NativePtr & (Alignment - 1), length) : _memory.View;
        }
        catch (System.Exception exception) when (exception is AcceleratorException or System.OutOfMemoryException)
        {
            throw new BackendException(
                $"{accelerator.Name} cannot provide {byteLength:N0} bytes for '{name}' (it has {accelerator.MemorySize:N0} in all): "
                + exception.Message,
                exception);
        }
    }

    /// <summary>Address on the device, for libraries beside ILGPU.</summary>
    public nint Address => _memory.NativePtr;

    /// <summary>All bytes.</summary>
    public ArrayView<byte> View { get; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _launcher.Flush();
            _memory.Dispose();
        }
    }
}
