using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>F16 tensors.</summary>
internal readonly unsafe struct Float16Storage : IStorageFormat
{
    public static TVector Load<TIsa, TVector>(byte* tensor, long index)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => TIsa.LoadFloat16((ushort*)tensor + index);

    [SkipLocalsInit]
    public static TVector LoadPartial<TIsa, TVector>(byte* tensor, long index, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        ushort* lanes = stackalloc ushort[TIsa.Width];
        Unsafe.InitBlock(lanes, 0, (uint)(TIsa.Width * sizeof(ushort)));
        Unsafe.CopyBlockUnaligned(lanes, (ushort*)tensor + index, (uint)(count * sizeof(ushort)));
        return TIsa.LoadFloat16(lanes);
    }

    public static void Store<TIsa, TVector>(TVector value, byte* tensor, long index)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => TIsa.StoreFloat16(value, (ushort*)tensor + index);

    [SkipLocalsInit]
    public static void StorePartial<TIsa, TVector>(TVector value, byte* tensor, long index, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        ushort* lanes = stackalloc ushort[TIsa.Width];
        TIsa.StoreFloat16(value, lanes);
        Unsafe.CopyBlockUnaligned((ushort*)tensor + index, lanes, (uint)(count * sizeof(ushort)));
    }
}
