using System;
using System.Runtime.InteropServices;

namespace Engine.Kernels.Reference;

/// <content>Transfers.</content>
public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void Upload<T>(ReadOnlySpan<T> source, TensorRef destination)
        where T : unmanaged
    {
        CheckTransfer<T>("Upload", nameof(destination), destination, source.Length);
        if (!destination.IsContiguous)
        {
            throw new OperandException($"Upload: operand 'destination' {destination} must be contiguous.");
        }

        if (Matches<T>(destination.DType))
        {
            MemoryMarshal.AsBytes(source).CopyTo(RowBytes(destination, 0, source.Length));
            return;
        }

        Elements elements = new(destination);
        for (int i = 0; i < source.Length; i++)
        {
            elements[i] = typeof(T) == typeof(float) ? (float)(object)source[i] : (double)(object)source[i];
        }
    }

    /// <inheritdoc/>
    public void Download<T>(TensorRef source, Span<T> destination)
        where T : unmanaged
    {
        CheckTransfer<T>("Download", nameof(source), source, destination.Length);
        if (Matches<T>(source.DType))
        {
            for (int i = 0; i < source.Rows; i++)
            {
                Span<T> row = destination.Slice(i * source.Columns, source.Columns);
                RowBytes(source, i, source.Columns).CopyTo(MemoryMarshal.AsBytes(row));
            }

            return;
        }

        Elements elements = new(source);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = typeof(T) == typeof(float) ? (T)(object)(float)elements[i] : (T)(object)elements[i];
        }
    }

    /// <inheritdoc/>
    public void Copy(TensorRef source, TensorRef destination)
    {
        if (source.Rows != destination.Rows || source.Columns != destination.Columns)
        {
            throw new OperandException($"Copy: source {source} and destination {destination} differ in shape.");
        }

        if (source.DType == destination.DType)
        {
            for (int i = 0; i < source.Rows; i++)
            {
                RowBytes(source, i, source.Columns).CopyTo(RowBytes(destination, i, source.Columns));
            }

            return;
        }

        Elements from = new(source);
        Elements to = new(destination);
        for (long i = 0; i < from.Count; i++)
        {
            to[i] = from[i];
        }
    }

    /// <inheritdoc/>
    public void Fill(TensorRef destination, float value)
    {
        Elements elements = new(destination);
        for (long i = 0; i < elements.Count; i++)
        {
            elements[i] = value;
        }
    }

    private static void CheckTransfer<T>(string op, string operand, in TensorRef tensor, int count)
    {
        bool converts = (typeof(T) == typeof(float) || typeof(T) == typeof(double)) && tensor.DType is DType.F32 or DType.F64;
        if (!converts && !Matches<T>(tensor.DType))
        {
            throw new OperandException($"{op}: operand '{operand}' {tensor} does not hold elements of type {typeof(T).Name}.");
        }

        if (tensor.ElementCount != count)
        {
            throw new OperandException($"{op}: operand '{operand}' {tensor} has {tensor.ElementCount} elements, the span {count}.");
        }
    }

    private static bool Matches<T>(DType dtype) => dtype switch
    {
        DType.F32 => typeof(T) == typeof(float),
        DType.F64 => typeof(T) == typeof(double),
        DType.I32 => typeof(T) == typeof(int),
        DType.U8 => typeof(T) == typeof(byte),
        _ => false,
    };

    /// <summary>The first elements of a row as bytes.</summary>
    private static Span<byte> RowBytes(in TensorRef tensor, int row, int elements)
    {
        int size = tensor.DType.SizeInBytes();
        return new Span<byte>(HostAddress.Of(tensor) + ((long)row * tensor.RowStride * size), checked(elements * size));
    }
}
