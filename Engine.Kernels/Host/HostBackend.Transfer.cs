using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Engine.Kernels.Host;

/// <content>Transfers.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void Upload<T>(ReadOnlySpan<T> source, TensorRef destination)
        where T : unmanaged
    {
        ElementTransfer.Check<T>("Upload", source.Length, destination);
        if (!destination.IsContiguous)
        {
            Fail($"Upload: operand 'destination' {destination} must be contiguous, its row stride is {destination.RowStride}.");
        }

        fixed (T* first = source)
        {
            Convert((byte*)first, ElementTransfer.DTypeOf<T>(destination.DType), Bytes(destination), destination.DType, source.Length);
        }
    }

    /// <inheritdoc/>
    public void Download<T>(TensorRef source, Span<T> destination)
        where T : unmanaged
    {
        ElementTransfer.Check<T>("Download", destination.Length, source);
        int rows = source.IsContiguous ? 1 : source.Rows;
        int columns = destination.Length / Math.Max(1, rows);
        fixed (T* first = destination)
        {
            for (int row = 0; row < rows; row++)
            {
                byte* from = Bytes(source) + ((long)row * source.RowStride * source.DType.SizeInBytes());
                Convert(from, source.DType, (byte*)(first + ((long)row * columns)), ElementTransfer.DTypeOf<T>(source.DType), columns);
            }
        }
    }

    /// <inheritdoc/>
    public void Copy(TensorRef source, TensorRef destination)
    {
        ElementTransfer.CheckCopy(source, destination);
        TensorRuns runs = new(source, destination);
        Run(
            runs.Tiles,
            new CopyConvert
            {
                Runs = runs,
                Source = Bytes(source),
                SourceType = source.DType,
                Destination = Bytes(destination),
                DestinationType = destination.DType,
            });
    }

    /// <inheritdoc/>
    public void Fill(TensorRef destination, float value)
    {
        switch (destination.DType)
        {
            case DType.F32:
                Fill<float>(destination, value);
                break;
            case DType.F64:
                Fill<double>(destination, value);
                break;
            case DType.F16:
                Fill(destination, (Half)value);
                break;
            case DType.BF16:
                Fill(destination, DTypes.NarrowToBFloat16(value));
                break;
            default:
                Fail($"Fill: operand 'destination' {destination} is not a floating-point tensor.");
                break;
        }
    }

    private void Fill<T>(in TensorRef destination, T value)
        where T : unmanaged
    {
        TensorRuns runs = new(destination, destination);
        _pool.Run(runs.Tiles, new FillRuns<T> { Runs = runs, Destination = (T*)Bytes(destination), Value = value });
    }

    private static void Convert(byte* source, DType sourceType, byte* destination, DType destinationType, int count)
    {
        if (sourceType == destinationType)
        {
            long bytes = (long)count * sourceType.SizeInBytes();
            Buffer.MemoryCopy(source, destination, bytes, bytes);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            if (sourceType == DType.F32)
            {
                ((double*)destination)[i] = ((float*)source)[i];
            }
            else
            {
                ((float*)destination)[i] = (float)((double*)source)[i];
            }
        }
    }

    [DoesNotReturn]
    [StackTraceHidden]
    private static void Fail(string problem) => throw new OperandException(problem);
}
