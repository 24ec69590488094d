using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Arguments of the sums of columns.</summary>
internal struct SumRowsKernelArgs
{
    /// <summary>Rows per block. Depends on nothing, so that results do not either.</summary>
    public const int BlockRows = 128;

    public ArrayView<float> X;

    /// <summary>[blocks, columns].</summary>
    public ArrayView<float> Y;
    public int XStride;
    public int Rows;
    public int Columns;
    public int Blocks;
}
