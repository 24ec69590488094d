using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>One weight for all elements of the thread, which belong to one channel.</summary>
internal readonly struct ChannelWeight : IRoutingWeight
{
    public static Float4 Load(ArrayView<float> weights, int index) => Float4.Broadcast(weights[index]);
}
