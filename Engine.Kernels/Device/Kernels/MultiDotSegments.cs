namespace Engine.Kernels.Device;

/// <summary>How the n-way dot cuts a channel; depends on nothing but its size, so that results do not either.</summary>
internal static class MultiDotSegments
{
    /// <summary>Elements per segment: 32 per thread.</summary>
    public const int Elements = 32 * GroupReduction.Threads;

    /// <summary>Segments of a channel.</summary>
    public static int Count(int channelSize) => (channelSize + Elements - 1) / Elements;
}
