using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels.Host;

/// <summary>Prefetch hints, where the processor takes them. They may point anywhere: a hint never faults.</summary>
internal static unsafe class CachePrefetch
{
    /// <summary>Asks for the cache line that holds the address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>Asks for the line in the second-level cache, where many more requests can be under way than in the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LineIntoSecondLevel(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }
}
