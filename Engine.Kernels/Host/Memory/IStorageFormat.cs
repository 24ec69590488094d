namespace Engine.Kernels.Host;

/// <summary>A floating-point dtype as it lies in memory, widened to and narrowed from float32 registers. Addresses need no alignment:
/// tensors of a memory-mapped checkpoint start at any byte.</summary>
internal unsafe interface IStorageFormat
{
    /// <summary>Bytes of an element.</summary>
    static abstract int ElementSize { get; }

    /// <summary>Loads a whole register.</summary>
    /// <param name="tensor">First byte of element 0.</param>
    /// <param name="index">First element.</param>
    static abstract TVector Load<TIsa, TVector>(byte* tensor, long index)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct;

    /// <summary>Loads the first lanes, zeros behind.</summary>
    /// <param name="tensor">First byte of element 0.</param>
    /// <param name="index">First element.</param>
    /// <param name="count">Fewer than a register's lanes; no memory behind is touched.</param>
    static abstract TVector LoadPartial<TIsa, TVector>(byte* tensor, long index, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct;

    /// <summary>Stores a whole register, rounding to nearest even.</summary>
    /// <param name="value">Register.</param>
    /// <param name="tensor">First byte of element 0.</param>
    /// <param name="index">First element.</param>
    static abstract void Store<TIsa, TVector>(TVector value, byte* tensor, long index)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct;

    /// <summary>Stores the first lanes only.</summary>
    /// <param name="value">Register.</param>
    /// <param name="tensor">First byte of element 0.</param>
    /// <param name="index">First element.</param>
    /// <param name="count">Fewer than a register's lanes.</param>
    static abstract void StorePartial<TIsa, TVector>(TVector value, byte* tensor, long index, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct;
}
