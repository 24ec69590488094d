using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// Copies a tensor and converts between F32, F64, F16 and BF16. Widening is exact, narrowing rounds once, to nearest even.
/// Memory-bound; tiles of 64 KiB. To and from F32 on registers; F64, which only tests use, and one 16-bit type to the other element by
/// element.
/// </summary>
internal readonly unsafe struct CopyConvert : ISimdJob
{
    public required TensorRuns Runs { get; init; }

    public required byte* Source { get; init; }

    public required DType SourceType { get; init; }

    public required byte* Destination { get; init; }

    public required DType DestinationType { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int sourceSize = SourceType.SizeInBytes();
        int destinationSize = DestinationType.SizeInBytes();
        (int first, int end) = Runs.OfTile(tile);
        for (int run = first; run < end; run++)
        {
            Convert<TIsa, TVector>(
                Source + ((long)run * Runs.SourceStride * sourceSize),
                Destination + ((long)run * Runs.DestinationStride * destinationSize),
                Runs.LengthOf(run));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Convert<TIsa, TVector>(byte* source, byte* destination, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        if (SourceType == DestinationType)
        {
            long bytes = (long)count * SourceType.SizeInBytes();
            Buffer.MemoryCopy(source, destination, bytes, bytes);
        }
        else if (SourceType is DType.F16 or DType.BF16 && DestinationType == DType.F32)
        {
            StorageConversion.Widen<TIsa, TVector>(new StoredOperand(source, SourceType), 0, (float*)destination, count);
        }
        else if (SourceType == DType.F32 && DestinationType is DType.F16 or DType.BF16)
        {
            StorageConversion.Narrow<TIsa, TVector>((float*)source, new StoredOperand(destination, DestinationType), count);
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                Write(destination, i, Read(source, i));
            }
        }
    }

    private double Read(byte* source, int index) => SourceType switch
    {
        DType.F32 => Unsafe.ReadUnaligned<float>(source + ((long)index * sizeof(float))),
        DType.F64 => Unsafe.ReadUnaligned<double>(source + ((long)index * sizeof(double))),
        DType.F16 => (double)Unsafe.ReadUnaligned<Half>(source + ((long)index * sizeof(ushort))),
        _ => DTypes.WidenBFloat16(Unsafe.ReadUnaligned<ushort>(source + ((long)index * sizeof(ushort)))),
    };

    private void Write(byte* destination, int index, double value)
    {
        switch (DestinationType)
        {
            case DType.F32:
                ((float*)destination)[index] = (float)value;
                break;
            case DType.F64:
                ((double*)destination)[index] = value;
                break;
            case DType.F16:
                ((Half*)destination)[index] = (Half)value;
                break;
            default:
                ((ushort*)destination)[index] = DTypes.NarrowToBFloat16(RoundToOdd(value));
                break;
        }
    }

    /// <summary>Rounds to float32 such that rounding again, to fewer bits, gives what one rounding would have given:
    /// an inexact result gets an odd last bit, and so never looks like a tie.</summary>
    private static float RoundToOdd(double value)
    {
        float nearest = (float)value;
        uint bits = BitConverter.SingleToUInt32Bits(nearest);
        if (nearest == value || double.IsNaN(value) || float.IsInfinity(nearest) || (bits & 1) == 1)
        {
            return nearest;
        }

        return BitConverter.UInt32BitsToSingle(Math.Abs(value) > Math.Abs((double)nearest) ? bits + 1 : bits - 1);
    }
}
