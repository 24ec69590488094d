namespace Engine.Kernels.Device;

/// <summary>What the products on tensor cores share. Sizes in bytes are those of both formats: a tile of an operand is its rows times
/// <see cref="DepthBytes"/> of k, 32 elements in BF16, 16 in F32; one step of the tensor cores takes <see cref="StepBytes"/> of
/// them.</summary>
internal static class TensorGemm
{
    /// <summary>Tiles of k in shared memory: one is multiplied while the next two are on their way.</summary>
    public const int Stages = 3;

    /// <summary>Bytes of one row of an operand in a tile.</summary>
    public const int DepthBytes = 64;

    /// <summary>Bytes of one row that one step of the tensor cores takes.</summary>
    public const int StepBytes = 32;

    /// <summary>What one asynchronous copy moves, and what swizzles permute.</summary>
    public const int ChunkBytes = 16;

    /// <summary>Columns of C that one warp computes.</summary>
    public const int WarpColumns = 32;

    /// <summary>Rows of C in one step of the tensor cores.</summary>
    public const int StepRows = 16;

    /// <summary>Floats from one row to the next where a warp hands over its sums: eight more than the columns, so that the rows that are
    /// written at the same time lie in different banks.</summary>
    public const int HandoverStride = 40;
}
