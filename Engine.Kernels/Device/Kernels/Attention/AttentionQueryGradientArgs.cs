using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Arguments of the kernels of gradients with respect to queries.</summary>
internal struct AttentionQueryGradientArgs
{
    public AttentionOperands Operands;
    public ArrayView<float> Output;
    public ArrayView<float> OutputGradient;
    public ArrayView<float> LogSumExp;

    /// <summary>Receives delta, a number per query of each unit.</summary>
    public ArrayView<float> Delta;
    public ArrayView<float> QueryGradient;
    public int OutputStride;
    public int OutputGradientStride;
    public int QueryGradientStride;
}
