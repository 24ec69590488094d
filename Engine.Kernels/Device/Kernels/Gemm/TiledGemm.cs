namespace Engine.Kernels.Device;

/// <summary>What the register-tiled products share.</summary>
internal static class TiledGemm
{
    /// <summary>Threads per group: eight warps, four above each other, two side by side.</summary>
    public const int Threads = 256;

    /// <summary>Floats that follow the rows of every k in shared memory.</summary>
    public const int Padding = 4;

    /// <summary>Floats that a group copies in one pass: four per thread.</summary>
    public const int PassFloats = 4 * Threads;

    /// <summary>Instead of a number of k: all that a tile has room for.</summary>
    public const int FullDepth = int.MaxValue;

    /// <summary>Rows from a thread's first run of four to its second.</summary>
    public const int RowRunStep = 16;

    /// <summary>Columns from a thread's first run of four to its second.</summary>
    public const int ColumnRunStep = 32;
}
