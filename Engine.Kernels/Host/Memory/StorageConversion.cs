using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>Converts between float32 and stored tensors: widening is exact, narrowing rounds to nearest even.</summary>
internal static unsafe class StorageConversion
{
    /// <summary>destination[i] = source[start + i].</summary>
    /// <param name="source">F32, F16 or BF16.</param>
    /// <param name="start">First element.</param>
    /// <param name="destination">Receives the elements.</param>
    /// <param name="count">Number of elements.</param>
    public static void Widen<TIsa, TVector>(StoredOperand source, long start, float* destination, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        switch (source.DType)
        {
            case DType.F16:
                Convert<TIsa, TVector, Float16Storage, Float32Storage>(source.Address, start, (byte*)destination, count);
                break;
            case DType.BF16:
                Convert<TIsa, TVector, BFloat16Storage, Float32Storage>(source.Address, start, (byte*)destination, count);
                break;
            default:
                Convert<TIsa, TVector, Float32Storage, Float32Storage>(source.Address, start, (byte*)destination, count);
                break;
        }
    }

    /// <summary>destination[i] = source[i].</summary>
    /// <param name="source">Elements.</param>
    /// <param name="destination">F16 or BF16.</param>
    /// <param name="count">Number of elements.</param>
    public static void Narrow<TIsa, TVector>(float* source, StoredOperand destination, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        if (destination.DType == DType.F16)
        {
            Convert<TIsa, TVector, Float32Storage, Float16Storage>((byte*)source, 0, destination.Address, count);
        }
        else
        {
            Convert<TIsa, TVector, Float32Storage, BFloat16Storage>((byte*)source, 0, destination.Address, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convert<TIsa, TVector, TSource, TDestination>(byte* source, long start, byte* destination, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
        where TSource : struct, IStorageFormat
        where TDestination : struct, IStorageFormat
    {
        int i = 0;
        for (; i + TIsa.Width <= count; i += TIsa.Width)
        {
            TDestination.Store<TIsa, TVector>(TSource.Load<TIsa, TVector>(source, start + i), destination, i);
        }

        if (i < count)
        {
            TDestination.StorePartial<TIsa, TVector>(
                TSource.LoadPartial<TIsa, TVector>(source, start + i, count - i), destination, i, count - i);
        }
    }
}
