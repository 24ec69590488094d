using System;
using Xunit;

namespace Engine.Tests;

/// <summary>What is repeated in a training may leave nothing to the garbage collector.</summary>
internal static class AllocationAssert
{
    private const int WarmUps = 3;
    private const int Repeats = 4;
    private const int MostAttempts = 10;

    /// <summary>Asserts that an action allocates nothing on this thread once it is warm.</summary>
    public static void None(Action action)
    {
        Repeat(action, WarmUps);
        long allocated = long.MaxValue;

        // Tests beside this one make the garbage collector run, which counts the rest of this thread's allocation buffer as allocated.
        // What the action itself allocates shows in every attempt.
        for (int attempt = 0; attempt < MostAttempts && allocated != 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Repeat(action, Repeats);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private static void Repeat(Action action, int times)
    {
        for (int i = 0; i < times; i++)
        {
            action();
        }
    }
}
