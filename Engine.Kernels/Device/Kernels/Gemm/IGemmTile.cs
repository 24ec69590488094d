using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// The part of C that a group of <see cref="TiledGemm.Threads"/> threads computes, and the sums that one of its threads holds in registers.
/// In shared memory both operands lie with k as the slow index, <see cref="TiledGemm.Padding"/> floats between one k and the next.
/// </summary>
/// <typeparam name="TSelf">The implementing structure, whose fields are the sums; all zero to begin with.</typeparam>
internal interface IGemmTile<TSelf>
    where TSelf : struct
{
    /// <summary>Rows and columns, for names: "128x64".</summary>
    static abstract string Name { get; }

    /// <summary>Rows of C.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of C.</summary>
    static abstract int Columns { get; }

    /// <summary>How many k are in shared memory at a time.</summary>
    static abstract int Depth { get; }

    /// <summary>How many of them one call of <see cref="MultiplyAdd"/> takes.</summary>
    static abstract int StepDepth { get; }

    /// <summary>Rows of one thread, in runs of four.</summary>
    static abstract int ThreadRows { get; }

    /// <summary>Columns of one thread, in runs of four.</summary>
    static abstract int ThreadColumns { get; }

    /// <summary>Adds <see cref="StepDepth"/> outer products to the sums.</summary>
    /// <param name="sums">What there is so far.</param>
    /// <param name="a">Shared memory from the thread's first row of the first k on.</param>
    /// <param name="b">Shared memory from the thread's first column of the first k on.</param>
    static abstract TSelf MultiplyAdd(TSelf sums, ArrayView<Float4> a, ArrayView<Float4> b);

    /// <summary>Four sums that are neighbours in a row of C.</summary>
    /// <param name="sums">All sums.</param>
    /// <param name="index">Row by row over the thread's runs of columns.</param>
    static abstract Float4 Quad(TSelf sums, int index);
}
