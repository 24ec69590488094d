using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Four weights side by side, because each column is a channel.</summary>
internal readonly struct ColumnWeights : IRoutingWeight
{
    public static Float4 Load(ArrayView<float> weights, int index) => Float4.Load(weights, index);
}
