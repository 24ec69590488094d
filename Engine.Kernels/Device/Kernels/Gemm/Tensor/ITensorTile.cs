namespace Engine.Kernels.Device;

/// <summary>
/// The part of C that a group computes on tensor cores, and the instructions of one of its warps, which computes
/// <see cref="WarpRows"/> x <see cref="TensorGemm.WarpColumns"/> results. Sums and fragments are PTX registers with names that
/// <see cref="Declare"/> declares: as variables of C# they would be in memory, because inline PTX that writes a variable takes its address.
/// </summary>
/// <typeparam name="TFormat">Of the operands.</typeparam>
internal interface ITensorTile<TFormat>
    where TFormat : struct, ITensorFormat
{
    /// <summary>Rows and columns, for names: "128x64".</summary>
    static abstract string Name { get; }

    /// <summary>Rows of C.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of C.</summary>
    static abstract int Columns { get; }

    /// <summary>Rows of one warp.</summary>
    static abstract int WarpRows { get; }

    /// <summary>Threads of a group.</summary>
    static abstract int Threads { get; }

    /// <summary>Groups per multiprocessor that registers and shared memory must suffice for.</summary>
    static abstract int Groups { get; }

    /// <summary>Declares registers and sets the sums to zero. Once per kernel, before everything else.</summary>
    static abstract void Declare();

    /// <summary>Loads the warp's fragments of A for one step from a tile with k as the fast index.</summary>
    /// <param name="address">Of the lane's row in shared memory.</param>
    static abstract void LoadDepthA(uint address);

    /// <summary>Loads the warp's fragments of A for one step from a tile with k as the slow index.</summary>
    /// <param name="step">0 or 1: which half of the tile's k.</param>
    /// <param name="x0">Address of the lane's first elements in shared memory.</param>
    /// <param name="x1">Of those 32 bytes on.</param>
    /// <param name="x2">Of those 64 bytes on.</param>
    /// <param name="x3">Of those 96 bytes on.</param>
    static abstract void LoadRowsA(int step, uint x0, uint x1, uint x2, uint x3);

    /// <summary>Loads the warp's fragments of B for one step from a tile with k as the fast index.</summary>
    /// <param name="address">Of the lane's row in shared memory.</param>
    static abstract void LoadDepthB(uint address);

    /// <summary>Loads the warp's fragments of B for one step from a tile with k as the slow index.</summary>
    /// <param name="step">0 or 1: which half of the tile's k.</param>
    /// <param name="x0">Address of the lane's first elements in shared memory.</param>
    /// <param name="x1">Of those 32 bytes on.</param>
    /// <param name="x2">Of those 64 bytes on.</param>
    /// <param name="x3">Of those 96 bytes on.</param>
    static abstract void LoadRowsB(int step, uint x0, uint x1, uint x2, uint x3);

    /// <summary>Adds the product of the fragments to the sums.</summary>
    static abstract void Multiply();

    /// <summary>Writes sixteen rows of the warp's sums to shared memory, <see cref="TensorGemm.HandoverStride"/> floats apart.</summary>
    /// <param name="index">Which sixteen.</param>
    /// <param name="address">Of row lane / 4, column 2 (lane % 4).</param>
    static abstract void Store(int index, uint address);
}
