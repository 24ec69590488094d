using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Arguments of the kernels that compute attention.</summary>
internal struct AttentionForwardArgs
{
    public AttentionOperands Operands;
    public ArrayView<float> Output;
    public ArrayView<float> LogSumExp;
    public int OutputStride;
    public int KeepsLogSumExp;
}
