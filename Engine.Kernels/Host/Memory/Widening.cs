using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>Widens stored tensors to float32, exactly.</summary>
internal static unsafe class Widening
{
    /// <summary>destination[i] = source[start + i].</summary>
    /// <param name="source">F32, F16 or BF16.</param>
    /// <param name="start">First element.</param>
    /// <param name="destination">Receives the elements.</param>
    /// <param name="count">Number of elements.</param>
    public static void ToFloat32<TIsa, TVector>(StoredOperand source, long start, float* destination, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        switch (source.DType)
        {
            case DType.F16:
                ToFloat32<TIsa, TVector, Float16Storage>(source.Address, start, destination, count);
                break;
            case DType.BF16:
                ToFloat32<TIsa, TVector, BFloat16Storage>(source.Address, start, destination, count);
                break;
            default:
                ToFloat32<TIsa, TVector, Float32Storage>(source.Address, start, destination, count);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToFloat32<TIsa, TVector, TFormat>(byte* source, long start, float* destination, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
        where TFormat : struct, IStorageFormat
    {
        int i = 0;
        for (; i + TIsa.Width <= count; i += TIsa.Width)
        {
            TIsa.Store(TFormat.Load<TIsa, TVector>(source, start + i), destination + i);
        }

        if (i < count)
        {
            TIsa.StorePartial(TFormat.LoadPartial<TIsa, TVector>(source, start + i, count - i), destination + i, count - i);
        }
    }
}
