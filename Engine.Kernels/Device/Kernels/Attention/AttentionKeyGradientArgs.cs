using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Arguments of the kernels of gradients with respect to keys and values.</summary>
internal struct AttentionKeyGradientArgs
{
    public AttentionOperands Operands;
    public ArrayView<float> OutputGradient;
    public ArrayView<float> LogSumExp;

    /// <summary>What the kernel of gradients with respect to queries left.</summary>
    public ArrayView<float> Delta;
    public ArrayView<float> KeyGradient;
    public ArrayView<float> ValueGradient;
    public int OutputGradientStride;
    public int KeyGradientStride;
    public int ValueGradientStride;
}
