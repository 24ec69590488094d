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
        CheckTransfer<T>("Upload", source.Length, destination);
        if (!destination.IsContiguous)
        {
            Fail($"Upload: operand 'destination' {destination} must be contiguous, its row stride is {destination.RowStride}.");
        }

        fixed (T* first = source)
        {
            Convert((byte*)first, ElementType<T>(destination.DType), Bytes(destination), destination.DType, source.Length);
        }
    }

    /// <inheritdoc/>
    public void Download<T>(TensorRef source, Span<T> destination)
        where T : unmanaged
    {
        CheckTransfer<T>("Download", destination.Length, source);
        int rows = source.IsContiguous ? 1 : source.Rows;
        int columns = destination.Length / Math.Max(1, rows);
        fixed (T* first = destination)
        {
            for (int row = 0; row < rows; row++)
            {
                byte* from = Bytes(source) + ((long)row * source.RowStride * source.DType.SizeInBytes());
                Convert(from, source.DType, (byte*)(first + ((long)row * columns)), ElementType<T>(source.DType), columns);
            }
        }
    }

    /// <inheritdoc/>
    public void Copy(TensorRef source, TensorRef destination)
    {
        bool convertible = source.DType == destination.DType || (source.DType.IsFloatingPoint() && destination.DType.IsFloatingPoint());
        if (!convertible)
        {
            Fail($"Copy: operand 'source' {source} cannot be converted to 'destination' {destination}.");
        }

        if (source.Rows != destination.Rows || source.Columns != destination.Columns)
        {
            Fail($"Copy: operand 'source' {source}: expected [{destination.Rows}, {destination.Columns}], the size of {destination}.");
        }

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

    private static void CheckTransfer<T>(string op, int elements, in TensorRef tensor)
        where T : unmanaged
    {
        DType element = ElementType<T>(tensor.DType);
        bool floats = element is DType.F32 or DType.F64 && tensor.DType is DType.F32 or DType.F64;
        if (element != tensor.DType && !floats)
        {
            Fail($"{op}: operand {tensor} does not hold elements of type {typeof(T).Name}.");
        }

        if (elements != tensor.ElementCount)
        {
            Fail($"{op}: operand {tensor} has {tensor.ElementCount} elements, found {elements} in the span.");
        }
    }

    /// <summary>The dtype of a C# element type: the tensor's own where several share one (ushort: BF16, F16 or U16; byte: U8 or Bool).</summary>
    private static DType ElementType<T>(DType tensor)
        where T : unmanaged => true switch
    {
        _ when typeof(T) == typeof(float) => DType.F32,
        _ when typeof(T) == typeof(double) => DType.F64,
        _ when typeof(T) == typeof(int) => DType.I32,
        _ when typeof(T) == typeof(long) => DType.I64,
        _ when typeof(T) == typeof(byte) => tensor == DType.Bool ? DType.Bool : DType.U8,
        _ when typeof(T) == typeof(Half) => DType.F16,
        _ when typeof(T) == typeof(ushort) => tensor is DType.U16 or DType.F16 ? tensor : DType.BF16,
        _ => throw new OperandException($"There is no tensor of elements of type {typeof(T).Name}."),
    };

    [DoesNotReturn]
    [StackTraceHidden]
    private static void Fail(string problem) => throw new OperandException(problem);
}
