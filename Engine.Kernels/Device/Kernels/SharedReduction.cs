using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Group reductions through shared memory alone, for devices whose warps cannot exchange registers: a tree over all
/// threads.</summary>
internal readonly struct SharedReduction : IGroupReduction
{
    public static float Sum(float value)
    {
        ArrayView<float> slots = SharedMemory.Allocate<float>(GroupReduction.Threads);
        slots[Group.IdxX] = value;
        Group.Barrier();
        for (int distance = GroupReduction.Threads / 2; distance > 0; distance >>= 1)
        {
            if (Group.IdxX < distance)
            {
                slots[Group.IdxX] += slots[Group.IdxX + distance];
            }

            Group.Barrier();
        }

        float sum = slots[0];
        Group.Barrier();
        return sum;
    }

    public static float Max(float value)
    {
        ArrayView<float> slots = SharedMemory.Allocate<float>(GroupReduction.Threads);
        slots[Group.IdxX] = value;
        Group.Barrier();
        for (int distance = GroupReduction.Threads / 2; distance > 0; distance >>= 1)
        {
            if (Group.IdxX < distance && slots[Group.IdxX + distance] > slots[Group.IdxX])
            {
                slots[Group.IdxX] = slots[Group.IdxX + distance];
            }

            Group.Barrier();
        }

        float largest = slots[0];
        Group.Barrier();
        return largest;
    }
}
