namespace Engine.Kernels.Host;

/// <summary>BF16 tensors.</summary>
internal readonly unsafe struct BFloat16Storage : IStorageFormat
{
    public static int ElementSize => sizeof(ushort);

    public static TVector Load<TIsa, TVector>(byte* tensor, long index)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => TIsa.LoadBFloat16((ushort*)tensor + index);

    public static TVector LoadPartial<TIsa, TVector>(byte* tensor, long index, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => SixteenBitLanes<TIsa, TVector, BFloat16Storage>.Load(tensor, index, count);

    public static void Store<TIsa, TVector>(TVector value, byte* tensor, long index)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => TIsa.StoreBFloat16(value, (ushort*)tensor + index);

    public static void StorePartial<TIsa, TVector>(TVector value, byte* tensor, long index, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => SixteenBitLanes<TIsa, TVector, BFloat16Storage>.Store(value, tensor, index, count);
}
