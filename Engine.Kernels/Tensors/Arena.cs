using System;
using System.Collections.Generic;

namespace Engine.Kernels;

/// <summary>One allocation, cut into named regions that stay valid until the arena is disposed or reset.</summary>
public sealed class Arena : IDisposable
{
    private readonly TensorBuffer _buffer;
    private readonly List<TensorRef> _regions = [];

    /// <summary>Takes ownership of a buffer.</summary>
    /// <param name="buffer">The memory to cut.</param>
    public Arena(TensorBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        _buffer = buffer;
    }

    /// <summary>What the arena holds.</summary>
    public string Name => _buffer.Name;

    /// <summary>Size in bytes.</summary>
    public long ByteLength => _buffer.ByteLength;

    /// <summary>End of the last region: where the next one is placed, after alignment.</summary>
    public long BytesUsed { get; private set; }

    /// <summary>The regions handed out, in order.</summary>
    public IReadOnlyList<TensorRef> Regions => _regions;

    /// <summary>Bytes that a region takes when regions are padded to <see cref="NativeBuffer.Alignment"/>.</summary>
    public static long AlignedSize(DType dtype, Shape shape) =>
        AlignUp(shape.ElementCount * dtype.SizeInBytes());

    /// <summary>Hands out the next region, aligned to <see cref="NativeBuffer.Alignment"/> bytes.</summary>
    /// <param name="name">Name for messages.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="shape">Dimensions.</param>
    /// <exception cref="InvalidOperationException">The arena is too small.</exception>
    public TensorRef Allocate(string name, DType dtype, Shape shape) => Place(name, dtype, shape, AlignUp(BytesUsed));

    /// <summary>Hands out the next region directly behind the last one, without padding, so that both can be seen as one tensor.</summary>
    /// <inheritdoc cref="Allocate"/>
    public TensorRef AllocateAdjacent(string name, DType dtype, Shape shape) => Place(name, dtype, shape, BytesUsed);

    /// <summary>Continues at another offset: regions handed out before and after may share memory.</summary>
    /// <param name="offset">Byte from which the next region is placed.</param>
    public void MoveTo(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, ByteLength);
        BytesUsed = offset;
    }

    /// <summary>Forgets all regions; the memory stays.</summary>
    public void Reset()
    {
        _regions.Clear();
        BytesUsed = 0;
    }

    /// <summary>Releases the memory.</summary>
    public void Dispose() => _buffer.Dispose();

    private static long AlignUp(long bytes) => (bytes + NativeBuffer.Alignment - 1) / NativeBuffer.Alignment * NativeBuffer.Alignment;

    private TensorRef Place(string name, DType dtype, Shape shape, long offset)
    {
        long end = offset + (shape.ElementCount * dtype.SizeInBytes());
        if (end > ByteLength)
        {
            throw new InvalidOperationException(
                $"Arena '{Name}' of {ByteLength:N0} bytes has no room for '{name}' {dtype} {shape} at byte {offset:N0}.");
        }

        TensorRef region = new(_buffer, offset, dtype, shape, name);
        BytesUsed = end;
        _regions.Add(region);
        return region;
    }
}
