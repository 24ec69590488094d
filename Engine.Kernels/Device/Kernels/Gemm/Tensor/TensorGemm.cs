namespace Engine.Kernels.Device;

/// <summary>What the products on tensor cores share. Sizes in bytes are those of both formats: a tile of an operand is its rows times
/// <see cref="ITensorTile{TFormat}.DepthBytes"/> of k, for 64 of them 32 elements in BF16, 16 in F32; one step of the tensor cores takes
/// <see cref="StepBytes"/>.</summary>
internal static class TensorGemm
{
    /// <summary>Tiles of k in shared memory: one is multiplied while the next two are on their way.</summary>
    public const int Stages = 3;

    /// <summary>Bytes of one row that one step of the tensor cores takes.</summary>
    public const int StepBytes = 32;

    /// <summary>What one asynchronous copy moves, and what swizzles permute.</summary>
    public const int ChunkBytes = 16;

    /// <summary>Rows of C in one step of the tensor cores.</summary>
    public const int StepRows = 16;

    /// <summary>Dynamic shared memory of the tile of 128 x 256, in either format.</summary>
    public static int LargeTileSharedBytes => BFloat16Tile128x256.DynamicSharedBytes;

    /// <summary>Floats from one row to the next, beside the columns, where a warp hands over its sums: so that the rows that are written at
    /// the same time lie in different banks.</summary>
    public const int HandoverPadding = 8;
}
