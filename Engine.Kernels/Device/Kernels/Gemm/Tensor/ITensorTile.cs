using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// The part of C that a group computes on tensor cores, and the instructions of one of its warps, which computes
/// <see cref="WarpRows"/> x <see cref="WarpColumns"/> results. Sums and fragments are PTX registers with names that
/// <see cref="Declare"/> declares: as variables of C# they would be in memory, because inline PTX that writes a variable takes its address.
/// There are fragments for two steps, even ones and odd ones: while one step is multiplied, the next is loaded.
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

    /// <summary>Columns of one warp.</summary>
    static abstract int WarpColumns { get; }

    /// <summary>Bytes of k, of every row of both operands, that are in shared memory at a time, <see cref="TensorGemm.Stages"/>
    /// times: 64 or 128.</summary>
    static abstract int DepthBytes { get; }

    /// <summary>What a launch has to give to a group if that is more shared memory than a kernel may declare; otherwise 0.</summary>
    static abstract int DynamicSharedBytes { get; }

    /// <summary>Threads of a group.</summary>
    static abstract int Threads { get; }

    /// <summary>Groups per multiprocessor that registers and shared memory must suffice for.</summary>
    static abstract int Groups { get; }

    /// <summary>All shared memory of the group; called once.</summary>
    static abstract ArrayView<Float4> Shared();

    /// <summary>The address that it has in the state space of shared memory, for inline PTX.</summary>
    static abstract uint SharedAddress();

    /// <summary>Declares registers and sets the sums to zero. Once per kernel, before everything else.</summary>
    static abstract void Declare();

    /// <summary>Loads the warp's fragments of A for one step from a tile with k as the fast index.</summary>
    /// <param name="step">Which step of the tile's k.</param>
    /// <param name="address">Of the lane's row in shared memory, in the step's part of k.</param>
    static abstract void LoadDepthA(int step, uint address);

    /// <summary>Loads the warp's fragments of A for one step from a tile with k as the slow index.</summary>
    /// <param name="step">Which step of the tile's k.</param>
    /// <param name="x0">Address of the lane's first elements in shared memory.</param>
    /// <param name="x1">Of those 32 bytes on.</param>
    /// <param name="x2">Of those 64 bytes on.</param>
    /// <param name="x3">Of those 96 bytes on.</param>
    static abstract void LoadRowsA(int step, uint x0, uint x1, uint x2, uint x3);

    /// <summary>Loads the warp's fragments of B for one step from a tile with k as the fast index.</summary>
    /// <inheritdoc cref="LoadDepthA"/>
    static abstract void LoadDepthB(int step, uint address);

    /// <summary>Loads the warp's fragments of B for one step from a tile with k as the slow index.</summary>
    /// <inheritdoc cref="LoadRowsA"/>
    static abstract void LoadRowsB(int step, uint x0, uint x1, uint x2, uint x3);

    /// <summary>Adds the product of a step's fragments to the sums.</summary>
    /// <param name="step">Which step of the tile's k.</param>
    static abstract void Multiply(int step);

    /// <summary>Writes sixteen rows of the warp's sums to shared memory, <see cref="TensorGemm.HandoverPadding"/> floats further apart than
    /// they are long.</summary>
    /// <param name="index">Which sixteen.</param>
    /// <param name="address">Of row lane / 4, column 2 (lane % 4).</param>
    static abstract void Store(int index, uint address);
}
