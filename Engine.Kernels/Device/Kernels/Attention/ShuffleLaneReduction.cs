using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Half a warp exchanges registers.</summary>
internal readonly struct ShuffleLaneReduction : ILaneReduction
{
    public static Float4 Sum(Float4 value, ArrayView<Float4> slots)
    {
        value = Float4.Add(value, Across(value, 8));
        value = Float4.Add(value, Across(value, 4));
        value = Float4.Add(value, Across(value, 2));
        return Float4.Add(value, Across(value, 1));
    }

    public static Float4 Max(Float4 value, ArrayView<Float4> slots)
    {
        value = Float4.Max(value, Across(value, 8));
        value = Float4.Max(value, Across(value, 4));
        value = Float4.Max(value, Across(value, 2));
        return Float4.Max(value, Across(value, 1));
    }

    private static Float4 Across(Float4 value, int distance) => new(
        Warp.ShuffleXor(value.X, distance),
        Warp.ShuffleXor(value.Y, distance),
        Warp.ShuffleXor(value.Z, distance),
        Warp.ShuffleXor(value.W, distance));
}
