using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Through shared memory, for devices whose warps cannot exchange registers: every lane reads what all lanes wrote.</summary>
internal readonly struct SharedLaneReduction : ILaneReduction
{
    public static Float4 Sum(Float4 value, ArrayView<Float4> slots)
    {
        int first = Write(value, slots);
        value = slots[first];
        for (int lane = 1; lane < AttentionTile.Lanes; lane++)
        {
            value = Float4.Add(value, slots[first + lane]);
        }

        Group.Barrier();
        return value;
    }

    public static Float4 Max(Float4 value, ArrayView<Float4> slots)
    {
        int first = Write(value, slots);
        value = slots[first];
        for (int lane = 1; lane < AttentionTile.Lanes; lane++)
        {
            value = Float4.Max(value, slots[first + lane]);
        }

        Group.Barrier();
        return value;
    }

    /// <summary>Publishes all threads' values; returns the slot of the row's first lane.</summary>
    private static int Write(Float4 value, ArrayView<Float4> slots)
    {
        slots[Group.IdxX] = value;
        Group.Barrier();
        return AttentionTile.Row * AttentionTile.Lanes;
    }
}
