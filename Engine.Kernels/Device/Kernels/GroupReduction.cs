namespace Engine.Kernels.Device;

/// <summary>What both kinds of group reductions share.</summary>
internal static class GroupReduction
{
    /// <summary>Threads per group: eight warps.</summary>
    public const int Threads = 256;
}
