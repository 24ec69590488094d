using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>BF16 tensors.</summary>
internal readonly unsafe struct BFloat16Storage : IStorageFormat
{
    public static TVector Load<TIsa, TVector>(byte* tensor, long index)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => TIsa.LoadBFloat16((ushort*)tensor + index);

    [SkipLocalsInit]
    public static TVector LoadPartial<TIsa, TVector>(byte* tensor, long index, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        ushort* lanes = stackalloc ushort[TIsa.Width];
        Unsafe.InitBlock(lanes, 0, (uint)(TIsa.Width * sizeof(ushort)));
        Unsafe.CopyBlockUnaligned(lanes, (ushort*)tensor + index, (uint)(count * sizeof(ushort)));
        return TIsa.LoadBFloat16(lanes);
    }
}
