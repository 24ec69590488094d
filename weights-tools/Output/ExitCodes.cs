namespace WeightsTools;

/// <summary>What the process returns. Scripts rely on these numbers.</summary>
internal static class ExitCodes
{
    /// <summary>The command did what it was asked.</summary>
    public const int Success = 0;

    /// <summary>A bug of this program.</summary>
    public const int Bug = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A file or data set is missing, malformed or does not fit the others, or training on it diverged.</summary>
    public const int Data = 3;

    /// <summary>A device is missing, unusable, out of memory, or computes something wrong.</summary>
    public const int Device = 4;

    /// <summary>Interrupted by the user: 128 plus the number of SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;
}
