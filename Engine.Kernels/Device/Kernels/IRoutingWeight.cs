using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Where the routing weights of a thread's elements lie.</summary>
internal interface IRoutingWeight
{
    /// <summary>An expert's weight of each of the elements.</summary>
    static abstract Float4 Load(ArrayView<float> weights, int index);
}
