namespace Engine.Kernels.Device;

/// <summary>
/// Where the calling lane reads fragments of an operand: addresses in shared memory, in the tile that is multiplied. They move with it: the
/// kernel compiler would compute anew in every step what is the same in all of them.
/// </summary>
internal struct TensorReads
{
    /// <summary>If k is the fast index, the first half of a tile's k; else the lane's first elements.</summary>
    public uint First;

    /// <summary>If k is the fast index, the second half of a tile's k; else 32 bytes on.</summary>
    public uint Second;

    /// <summary>If k is the slow index, 64 bytes on; where a warp has so many rows.</summary>
    public uint Third;

    /// <summary>If k is the slow index, 96 bytes on; where a warp has so many rows.</summary>
    public uint Fourth;
}
