using ILGPU;
using ILGPU.Runtime;

namespace Engine.Kernels.Device;

/// <summary>Memory of a device.</summary>
internal sealed class DeviceBuffer : TensorBuffer
{
    private readonly MemoryBuffer1D<byte, Stride1D.Dense> _memory;

    /// <summary>Allocates memory; its content is undefined.</summary>
    /// <param name="accelerator">Where.</param>
    /// <param name="name">Purpose, for messages.</param>
    /// <param name="byteLength">Size in bytes; may be 0.</param>
    /// <exception cref="BackendException">The device has not as much.</exception>
    public DeviceBuffer(Accelerator accelerator, string name, long byteLength)
        : base(name, byteLength)
    {
        try
        {
            _memory = accelerator.Allocate1D<byte>(System.Math.Max(byteLength, NativeBuffer.Alignment));
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
    public ArrayView<byte> View => _memory.View;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _memory.Dispose();
        }
    }
}
