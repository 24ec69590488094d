using System.Collections.Generic;

namespace Engine.Bench;

/// <summary>The table of ops with their variants. Adding a kernel is adding its op or variant.</summary>
internal static class KernelOps
{
    /// <summary>All ops.</summary>
    public static IReadOnlyList<KernelOp> All { get; } =
        [.. GemmOps.All, .. AttentionOps.All, .. RowOps.All, .. ElementOps.All, .. MergeOps.All, .. TokenOps.All];
}
