namespace Engine.Kernels.Device;

/// <summary>
/// A format of both operands on tensor cores, and where its fragments lie in tiles that have k as the slow index
/// (<see cref="RowTensorLayout"/>): fragments are read transposed there, how depends on the size of elements.
/// </summary>
internal interface ITensorFormat
{
    /// <summary>For names of kernels.</summary>
    static abstract string Name { get; }

    /// <summary>Bytes of one element.</summary>
    static abstract int ElementBytes { get; }

    /// <summary>By what the number of a 16-byte chunk in the row of k is permuted, so that threads which read different k at the same time
    /// read different banks.</summary>
    static abstract int Swizzle(int k);

    /// <summary>Where the calling lane reads A for the first step: bytes from the tile's beginning.</summary>
    /// <param name="lane">0 to 31.</param>
    /// <param name="row">The warp's first row, a multiple of 32.</param>
    /// <param name="tileRows">Rows of the tile.</param>
    static abstract int OffsetA(int lane, int row, int tileRows);

    /// <summary>Where the calling lane reads B for the first step: bytes from the tile's beginning.</summary>
    /// <param name="lane">0 to 31.</param>
    /// <param name="row">The warp's first row of transposed B, a multiple of 32.</param>
    /// <param name="tileRows">Rows of the tile.</param>
    static abstract int OffsetB(int lane, int row, int tileRows);
}
