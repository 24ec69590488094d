using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Arguments of the gradients of scale and shift.</summary>
internal struct LayerNormParameterGradientArgs
{
    /// <summary>Rows per block. Depends on nothing, so that results do not either.</summary>
    public const int BlockRows = 32;

    public ArrayView<float> OutputGradient;
    public ArrayView<float> X;
    public ArrayView<float> Mean;
    public ArrayView<float> ReciprocalDeviation;

    /// <summary>[blocks, 2, C]: gamma's part, then beta's.</summary>
    public ArrayView<float> Partials;
    public int OutputGradientStride;
    public int XStride;
    public int Rows;
    public int Columns;
    public int Blocks;
}
