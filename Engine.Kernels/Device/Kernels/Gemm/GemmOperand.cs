using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>An operand of a product as rows over k: op(A), or op(B) transposed. Element (row, k) is at row * RowStep + k * DepthStep; one of the
/// two steps is 1.</summary>
internal struct GemmOperand
{
    public ArrayView<float> Elements;
    public int RowStep;
    public int DepthStep;
    public int Rows;

    /// <summary>1 if the matrix begins at a multiple of 16 bytes and the lengths of its rows and the steps between them are such multiples.</summary>
    public int IsAligned;
}
