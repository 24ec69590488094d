using System;

namespace Engine.Kernels.Device;

/// <summary>How the n-way dot cuts a channel; depends on nothing but its size, so that results do not either.</summary>
internal static class MultiDotSegments
{
    // One vector of each thread of a group.
    private const int Granularity = Float4.Width * GroupReduction.Threads;
    private const int Least = 8 * Granularity;
    private const int Most = 2048;

    /// <summary>Elements per segment: 32 per thread, or as many as cut the channel into 2048.</summary>
    public static int Elements(int channelSize) =>
        Math.Max(Least, (int)(((((long)channelSize + Most - 1) / Most) + Granularity - 1) / Granularity * Granularity));
}
