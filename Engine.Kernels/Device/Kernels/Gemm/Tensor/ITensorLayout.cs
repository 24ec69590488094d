namespace Engine.Kernels.Device;

/// <summary>
/// How an operand lies in memory, and with the same index fast in shared memory: how its tiles are copied there, 16 bytes at a time without
/// passing through registers, and where fragments are read. Elements beyond the operand's end become zeros.
/// </summary>
internal interface ITensorLayout
{
    /// <summary>For names of kernels.</summary>
    static abstract string Name { get; }

    /// <summary>Where the calling thread's copies begin.</summary>
    /// <param name="operand">What is copied.</param>
    /// <param name="address">Of its first element.</param>
    /// <param name="tileRows">Rows of the tile.</param>
    /// <param name="threads">Of the group.</param>
    /// <param name="row">The tile's first row.</param>
    /// <param name="depth">The first tile's first k.</param>
    static abstract TensorCursor Start<TFormat>(GemmOperand operand, long address, int tileRows, int threads, int row, int depth)
        where TFormat : struct, ITensorFormat;

    /// <summary>Starts the thread's copies of one tile: one, or two if the tile has more chunks than the group threads.</summary>
    /// <param name="cursor">Where.</param>
    /// <param name="shared">Address of the tile in shared memory.</param>
    /// <param name="tileRows">Rows of the tile.</param>
    /// <param name="threads">Of the group.</param>
    /// <param name="depth">How many k there are from this tile on.</param>
    static abstract void Copy<TFormat>(TensorCursor cursor, uint shared, int tileRows, int threads, int depth)
        where TFormat : struct, ITensorFormat;

    /// <summary>Bytes from one tile to the next in memory.</summary>
    static abstract long Advance<TFormat>(GemmOperand operand)
        where TFormat : struct, ITensorFormat;

    /// <summary>Where the calling lane reads fragments of A: bytes from the tile's beginning.</summary>
    static abstract int OffsetA<TFormat>(int lane, int row, int tileRows)
        where TFormat : struct, ITensorFormat;

    /// <summary>Where the calling lane reads fragments of B: bytes from the tile's beginning.</summary>
    static abstract int OffsetB<TFormat>(int lane, int row, int tileRows)
        where TFormat : struct, ITensorFormat;

    /// <summary>Loads fragments of A.</summary>
    /// <param name="shared">Address of the tile in shared memory.</param>
    /// <param name="offset">From <see cref="OffsetA"/>.</param>
    /// <param name="step">0 or 1: which half of the tile's k.</param>
    static abstract void LoadA<TFormat, TTile>(uint shared, int offset, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>;

    /// <summary>Loads fragments of B.</summary>
    /// <param name="shared">Address of the tile in shared memory.</param>
    /// <param name="offset">From <see cref="OffsetB"/>.</param>
    /// <param name="step">0 or 1: which half of the tile's k.</param>
    static abstract void LoadB<TFormat, TTile>(uint shared, int offset, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>;
}
