namespace Engine.Kernels.Device;

/// <summary>Which elements of an operand a thread copies next, and where to.</summary>
internal struct GemmCursor
{
    /// <summary>Rows of the operand below the thread's first one.</summary>
    public int RowsBelow;

    /// <summary>The thread's first k in a tile.</summary>
    public int TileDepth;

    /// <summary>Offset in the operand.</summary>
    public long Source;

    /// <summary>Offset in shared memory.</summary>
    public int Target;
}
