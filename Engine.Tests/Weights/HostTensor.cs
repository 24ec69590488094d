using System;
using System.Runtime.InteropServices;
using Engine.Kernels;

namespace Engine.Tests;

/// <summary>A tensor in host memory of its own, for tests of files.</summary>
internal sealed class HostTensor : IDisposable
{
    private readonly NativeBuffer _buffer;

    private HostTensor(string name, DType dtype, Shape shape)
    {
        _buffer = new NativeBuffer(name, shape.ElementCount * dtype.SizeInBytes());
        Ref = new TensorRef(_buffer, 0, dtype, shape, name);
    }

    /// <summary>The whole tensor.</summary>
    public TensorRef Ref { get; }

    /// <summary>The raw bytes.</summary>
    public unsafe Span<byte> Bytes => new(_buffer.Address, (int)_buffer.ByteLength);

    /// <summary>A tensor with these elements; the element type must have the dtype's size.</summary>
    public static HostTensor Of<T>(DType dtype, Shape shape, params ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        HostTensor tensor = new("source", dtype, shape);
        MemoryMarshal.AsBytes(elements).CopyTo(tensor.Bytes);
        return tensor;
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();
}
