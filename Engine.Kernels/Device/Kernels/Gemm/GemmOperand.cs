using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>An operand of a product as rows over k: op(A), or op(B) transposed. Element (row, k) is at row * RowStep + k * DepthStep; one
/// of the
/// two steps is 1.</summary>
internal struct GemmOperand
{
    /// <summary>Elements of whatever format the kernel is made for.</summary>
    public ArrayView<byte> Bytes;
    public int RowStep;
    public int DepthStep;
    public int Rows;

    /// <summary>1 if the matrix begins at a multiple of four elements, and the lengths of its rows and the steps between them are multiples
    /// of four.</summary>
    public int IsAligned;
}
