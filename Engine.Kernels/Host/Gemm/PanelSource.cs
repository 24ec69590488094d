namespace Engine.Kernels.Host;

/// <summary>
/// One operand of a product on its way into packed panels. The operand is seen as [depth, length]: depth is k, length is M
/// for op(A) and N for op(B). A panel holds a few neighbouring positions of length for all k, in the order the micro-kernel
/// reads them: [k][position]. Panels start <see cref="PanelStride"/> floats apart.
/// </summary>
internal unsafe struct PanelSource
{
    /// <summary>The operand, F32 or BF16.</summary>
    public StoredOperand Data;

    /// <summary>Elements from one stored row to the next.</summary>
    public nint Stride;

    /// <summary>True if stored rows run along k, so that packing is a transposition.</summary>
    public bool RowsRunAlongDepth;

    /// <summary>M or N.</summary>
    public int Length;

    /// <summary>K.</summary>
    public int Depth;

    /// <summary>Where the packed panels go.</summary>
    public float* Packed;

    /// <summary>Floats from one packed panel to the next.</summary>
    public nint PanelStride;

    /// <summary>Which positions each panel holds.</summary>
    public PanelLayout Layout;
}
