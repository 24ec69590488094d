namespace Engine.Kernels.Host;

/// <summary>F16 tensors.</summary>
internal readonly unsafe struct Float16Storage : IStorageFormat
{
    public static int ElementSize => sizeof(ushort);

    public static TVector Load<TIsa, TVector>(byte* tensor, long index)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => TIsa.LoadFloat16((ushort*)tensor + index);

    public static TVector LoadPartial<TIsa, TVector>(byte* tensor, long index, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => SixteenBitLanes<TIsa, TVector, Float16Storage>.Load(tensor, index, count);

    public static void Store<TIsa, TVector>(TVector value, byte* tensor, long index)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => TIsa.StoreFloat16(value, (ushort*)tensor + index);

    public static void StorePartial<TIsa, TVector>(TVector value, byte* tensor, long index, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => SixteenBitLanes<TIsa, TVector, Float16Storage>.Store(value, tensor, index, count);
}
