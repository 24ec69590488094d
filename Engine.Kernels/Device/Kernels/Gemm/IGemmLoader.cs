using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// How tiles of an operand come from global memory, through registers, into shared memory, where k is the slow index. Every thread copies
/// four
/// floats in a pass; a pass covers all rows of the tile and 1024 / rows of its k. Rows beyond the operand's end are read from its last
/// ones:
/// nobody stores their results.
/// </summary>
internal interface IGemmLoader
{
    /// <summary>For names of kernels.</summary>
    static abstract string Name { get; }

    /// <summary>Where the calling thread begins.</summary>
    /// <param name="operand">What is read.</param>
    /// <param name="tileRows">Rows of the tile: 64 or 128.</param>
    /// <param name="row">The tile's first row.</param>
    /// <param name="depth">The first tile's first k.</param>
    static abstract GemmCursor Start(GemmOperand operand, int tileRows, int row, int depth);

    /// <summary>Reads the thread's elements of one pass.</summary>
    /// <param name="operand">What is read.</param>
    /// <param name="cursor">Where in the tile.</param>
    /// <param name="tileRows">Rows of the tile.</param>
    /// <param name="passDepth">First k of this pass, counted from the tile's.</param>
    /// <param name="depth">How many k the tile has, the others being zeros; <see cref="TiledGemm.FullDepth"/> if all, without a
    /// check.</param>
    static abstract Float4 Load(GemmOperand operand, GemmCursor cursor, int tileRows, int passDepth, int depth);

    /// <summary>Writes what <see cref="Load"/> has read.</summary>
    /// <param name="shared">Memory of both buffers.</param>
    /// <param name="cursor">Where in it.</param>
    /// <param name="tileRows">Rows of the tile.</param>
    /// <param name="passDepth">First k of this pass, counted from the tile's.</param>
    /// <param name="elements">The four floats.</param>
    static abstract void Store(ArrayView<Float4> shared, GemmCursor cursor, int tileRows, int passDepth, Float4 elements);
}
