namespace Engine.Kernels.Device;

/// <summary>
/// Where the calling lane reads fragments of an operand: addresses in shared memory, in the tile that is multiplied. They move with it: the
/// kernel compiler would compute anew in every step what is the same in all of them.
/// </summary>
internal struct TensorReads
{
    /// <summary>If k is the fast index, the first step of a tile's k; else the lane's first elements.</summary>
    public uint First;

    /// <summary>If k is the fast index, the second step; else 32 bytes on.</summary>
    public uint Second;

    /// <summary>If k is the fast index, the third step of a tile that has so many; else 64 bytes on, if a warp has so many rows.</summary>
    public uint Third;

    /// <summary>If k is the fast index, the fourth step of a tile that has so many; else 96 bytes on, if a warp has so many rows.</summary>
    public uint Fourth;

    /// <summary>Addresses whose chunks are permuted together: they differ from the first one in two bits.</summary>
    /// <param name="shared">Address of the tile in shared memory.</param>
    /// <param name="offset">Of the first one in the tile.</param>
    public static TensorReads Of(uint shared, int offset) => new()
    {
        First = shared + (uint)offset,
        Second = shared + (uint)(offset ^ 32),
        Third = shared + (uint)(offset ^ 64),
        Fourth = shared + (uint)(offset ^ 96),
    };

    /// <summary>The same reads of the next tile.</summary>
    /// <param name="reads">Where they are.</param>
    /// <param name="toNextStage">From one buffer to the next in shared memory.</param>
    /// <param name="count">How many are used: two or four.</param>
    public static TensorReads Move(TensorReads reads, int toNextStage, int count)
    {
        reads.First += (uint)toNextStage;
        reads.Second += (uint)toNextStage;
        if (count > 2)
        {
            reads.Third += (uint)toNextStage;
            reads.Fourth += (uint)toNextStage;
        }

        return reads;
    }
}
