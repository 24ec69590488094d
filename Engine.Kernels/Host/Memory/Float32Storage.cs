namespace Engine.Kernels.Host;

/// <summary>F32 tensors.</summary>
internal readonly unsafe struct Float32Storage : IStorageFormat
{
    public static int ElementSize => sizeof(float);

    public static TVector Load<TIsa, TVector>(byte* tensor, long index)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => TIsa.Load((float*)tensor + index);

    public static TVector LoadPartial<TIsa, TVector>(byte* tensor, long index, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => TIsa.LoadPartial((float*)tensor + index, count);

    public static void Store<TIsa, TVector>(TVector value, byte* tensor, long index)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => TIsa.Store(value, (float*)tensor + index);

    public static void StorePartial<TIsa, TVector>(TVector value, byte* tensor, long index, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => TIsa.StorePartial(value, (float*)tensor + index, count);
}
