using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>Partial registers of the 16-bit formats: no instruction masks them, so they pass through a whole register's worth of
/// stack.</summary>
internal static unsafe class SixteenBitLanes<TIsa, TVector, TFormat>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : struct
    where TFormat : struct, IStorageFormat
{
    /// <summary>See <see cref="IStorageFormat.LoadPartial"/>.</summary>
    [SkipLocalsInit]
    public static TVector Load(byte* tensor, long index, int count)
    {
        ushort* lanes = stackalloc ushort[TIsa.Width];
        Unsafe.InitBlock(lanes, 0, (uint)(TIsa.Width * sizeof(ushort)));
        Unsafe.CopyBlockUnaligned(lanes, (ushort*)tensor + index, (uint)(count * sizeof(ushort)));
        return TFormat.Load<TIsa, TVector>((byte*)lanes, 0);
    }

    /// <summary>See <see cref="IStorageFormat.StorePartial"/>.</summary>
    [SkipLocalsInit]
    public static void Store(TVector value, byte* tensor, long index, int count)
    {
        ushort* lanes = stackalloc ushort[TIsa.Width];
        TFormat.Store<TIsa, TVector>(value, (byte*)lanes, 0);
        Unsafe.CopyBlockUnaligned((ushort*)tensor + index, lanes, (uint)(count * sizeof(ushort)));
    }
}
