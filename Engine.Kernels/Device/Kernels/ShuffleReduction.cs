using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Group reductions with warp shuffles: five exchanges of registers, then one shared slot per warp.</summary>
internal readonly struct ShuffleReduction : IGroupReduction
{
    private const int WarpSize = 32;
    private const int Warps = GroupReduction.Threads / WarpSize;

    public static float Sum(float value)
    {
        for (int distance = WarpSize / 2; distance > 0; distance >>= 1)
        {
            value += Warp.ShuffleXor(value, distance);
        }

        ArrayView<float> slots = SharedMemory.Allocate<float>(Warps);
        Exchange(slots, value);
        float sum = 0;
        for (int warp = 0; warp < Warps; warp++)
        {
            sum += slots[warp];
        }

        Group.Barrier();
        return sum;
    }

    public static float Max(float value)
    {
        for (int distance = WarpSize / 2; distance > 0; distance >>= 1)
        {
            float other = Warp.ShuffleXor(value, distance);
            value = other > value ? other : value;
        }

        ArrayView<float> slots = SharedMemory.Allocate<float>(Warps);
        Exchange(slots, value);
        float largest = slots[0];
        for (int warp = 1; warp < Warps; warp++)
        {
            largest = slots[warp] > largest ? slots[warp] : largest;
        }

        Group.Barrier();
        return largest;
    }

    private static void Exchange(ArrayView<float> slots, float value)
    {
        if ((Group.IdxX & (WarpSize - 1)) == 0)
        {
            slots[Group.IdxX / WarpSize] = value;
        }

        Group.Barrier();
    }
}
