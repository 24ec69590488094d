using System;

namespace Engine.Kernels;

/// <summary>
/// A borrowed view of a tensor: buffer, byte offset, dtype, shape. It owns nothing.
/// Seen as a matrix of <see cref="Rows"/> x <see cref="Columns"/>, rows may lie further apart than they are long
/// (<see cref="RowStride"/>), so that a block of columns is a view too.
/// <c>default</c> is "no tensor" (<see cref="IsNone"/>), used for optional operands.
/// </summary>
public readonly struct TensorRef
{
    /// <summary>Creates a contiguous view.</summary>
    /// <param name="buffer">The owner of the memory.</param>
    /// <param name="byteOffset">First byte of the first element.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="shape">Dimensions.</param>
    /// <param name="name">Name for messages.</param>
    /// <exception cref="ArgumentException">The view leaves the buffer.</exception>
    public TensorRef(TensorBuffer buffer, long byteOffset, DType dtype, Shape shape, string name)
        : this(buffer, byteOffset, dtype, shape, shape.Columns, name)
    {
    }

    /// <summary>Creates a view whose rows are <paramref name="rowStride"/> elements apart.</summary>
    /// <inheritdoc cref="TensorRef(TensorBuffer, long, DType, Shape, string)"/>
    /// <param name="buffer">The owner of the memory.</param>
    /// <param name="byteOffset">First byte of the first element.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="shape">Dimensions.</param>
    /// <param name="rowStride">Elements from one row to the next, at least the number of columns.</param>
    /// <param name="name">Name for messages.</param>
    public TensorRef(TensorBuffer buffer, long byteOffset, DType dtype, Shape shape, int rowStride, string name)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        if (rowStride < shape.Columns)
        {
            throw new ArgumentException($"Tensor '{name}' {shape}: row stride {rowStride} is below the row length.", nameof(rowStride));
        }

        long elements = shape.ElementCount == 0 ? 0 : ((long)(shape.Rows - 1) * rowStride) + shape.Columns;
        if (byteOffset + (elements * dtype.SizeInBytes()) > buffer.ByteLength)
        {
            throw new ArgumentException(
                $"Tensor '{name}' {dtype} {shape} at byte {byteOffset} ends beyond buffer '{buffer.Name}' of {buffer.ByteLength} bytes.",
                nameof(byteOffset));
        }

        Buffer = buffer;
        ByteOffset = byteOffset;
        DType = dtype;
        Shape = shape;
        RowStride = rowStride;
        Name = name;
    }

    /// <summary>The owner of the memory; null for <see cref="IsNone"/>.</summary>
    public TensorBuffer? Buffer { get; }

    /// <summary>First byte of the first element.</summary>
    public long ByteOffset { get; }

    /// <summary>Element type.</summary>
    public DType DType { get; }

    /// <summary>Dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>Elements from one row to the next.</summary>
    public int RowStride { get; }

    /// <summary>Name for messages; null for <see cref="IsNone"/>.</summary>
    public string? Name { get; }

    /// <summary>True if there is no tensor.</summary>
    public bool IsNone => Buffer is null;

    /// <summary>Product of all dimensions.</summary>
    public long ElementCount => Shape.ElementCount;

    /// <summary>Product of all dimensions but the last.</summary>
    public int Rows => Shape.Rows;

    /// <summary>The last dimension.</summary>
    public int Columns => Shape.Columns;

    /// <summary>True if the elements lie one after the other without gaps.</summary>
    public bool IsContiguous => RowStride == Columns || Rows <= 1;

    /// <summary>The same elements in other dimensions.</summary>
    /// <exception cref="ArgumentException">Element counts differ, or the view has gaps and the row length changes.</exception>
    public TensorRef Reshape(Shape shape)
    {
        bool sameRows = shape.Columns == Columns;
        if (shape.ElementCount != ElementCount || !(IsContiguous || sameRows))
        {
            throw new ArgumentException($"Tensor '{Name}' {Shape} (row stride {RowStride}) cannot be seen as {shape}.", nameof(shape));
        }

        return new TensorRef(Buffer!, ByteOffset, DType, shape, sameRows ? RowStride : shape.Columns, Name!);
    }

    /// <summary>Rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> - 1 as a matrix
    /// [count, Columns].</summary>
    public TensorRef SliceRows(int start, int count)
    {
        CheckRange(start, count, Rows, "rows");
        long offset = ByteOffset + ((long)start * RowStride * DType.SizeInBytes());
        return new TensorRef(Buffer!, offset, DType, new Shape(count, Columns), RowStride, Name!);
    }

    /// <summary>Columns <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> - 1 as a matrix
    /// [Rows, count].</summary>
    public TensorRef SliceColumns(int start, int count)
    {
        CheckRange(start, count, Columns, "columns");
        long offset = ByteOffset + ((long)start * DType.SizeInBytes());
        return new TensorRef(Buffer!, offset, DType, new Shape(Rows, count), RowStride, Name!);
    }

    /// <summary>For example "'h.0.mlp.c_fc.weight' F32 [768, 3072]".</summary>
    public override string ToString() => IsNone ? "none" : $"'{Name}' {DType} {Shape}";

    private void CheckRange(int start, int count, int available, string what)
    {
        if (start < 0 || count < 0 || start + (long)count > available)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), $"Tensor '{Name}' {Shape} has {available} {what}, asked for {count} from {start}.");
        }
    }
}
