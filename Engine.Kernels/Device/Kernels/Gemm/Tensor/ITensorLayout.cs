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
    /// <param name="shared">Address of the first tile in shared memory.</param>
    /// <param name="tileRows">Rows of the tile.</param>
    /// <param name="row">The tile's first row.</param>
    /// <param name="start">The first tile's first k.</param>
    /// <param name="depth">How many k there are from there on.</param>
    static abstract TensorCursor Start<TFormat, TTile>(
        GemmOperand operand, long address, uint shared, int tileRows, int row, int start, int depth)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>;

    /// <summary>Starts up to four of the thread's copies of one tile.</summary>
    /// <param name="cursor">Where.</param>
    /// <param name="tileRows">Rows of the tile.</param>
    /// <param name="part">Which four.</param>
    static abstract void Copy<TFormat, TTile>(TensorCursor cursor, int tileRows, int part)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>;

    /// <summary>The same copies of the next tile.</summary>
    /// <param name="cursor">Where it is.</param>
    /// <param name="bytes">From <see cref="TileBytes"/>.</param>
    /// <param name="toNextStage">From one buffer to the next in shared memory.</param>
    static abstract TensorCursor Move<TFormat, TTile>(TensorCursor cursor, long bytes, int toNextStage)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>;

    /// <summary>Bytes from one tile to the next in memory.</summary>
    static abstract long TileBytes<TFormat, TTile>(GemmOperand operand)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>;

    /// <summary>Where the calling lane reads fragments of A.</summary>
    /// <param name="shared">Address of the tile in shared memory.</param>
    /// <param name="lane">0 to 31.</param>
    /// <param name="row">The warp's first row.</param>
    static abstract TensorReads ReadsOfA<TFormat, TTile>(uint shared, int lane, int row)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>;

    /// <summary>Where the calling lane reads fragments of B.</summary>
    /// <inheritdoc cref="ReadsOfA"/>
    static abstract TensorReads ReadsOfB<TFormat, TTile>(uint shared, int lane, int row)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>;

    /// <summary>The same reads of the next tile.</summary>
    /// <param name="reads">Where they are.</param>
    /// <param name="toNextStage">From one buffer to the next in shared memory.</param>
    /// <param name="warpRows">Rows that a warp reads.</param>
    static abstract TensorReads Move<TFormat, TTile>(TensorReads reads, int toNextStage, int warpRows)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>;

    /// <summary>Loads fragments of A.</summary>
    /// <param name="reads">Where.</param>
    /// <param name="step">Which 32 bytes of the tile's k.</param>
    static abstract void LoadA<TFormat, TTile>(TensorReads reads, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>;

    /// <summary>Loads fragments of B.</summary>
    /// <inheritdoc cref="LoadA"/>
    static abstract void LoadB<TFormat, TTile>(TensorReads reads, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>;
}
