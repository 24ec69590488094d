using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Cases;

namespace Engine.Bench;

/// <summary>What merges experts, and its gradient.</summary>
internal static class MergeOps
{
    private const int Experts = 8;

    public static IReadOnlyList<KernelOp> All { get; } =
    [
        new("weighted_sum", "base + sum of w_i (expert_i - base), 8 experts", static s =>
        [
            new("f32", "four elements per thread", Merge(s, null).ToWeightedSum()),
            new("f32 unaligned", "one element per thread", (Merge(s, null) with { Unaligned = true }).ToWeightedSum()),
            new("f32 by column", "a weight per column, four columns per thread", ByColumn(s).ToWeightedSum()),
            new("bf16", "base and experts in BF16", Merge(s, DType.BF16).ToWeightedSum()),
            new("f16", "base and experts in F16", Merge(s, DType.F16).ToWeightedSum()),
        ]),
        new("multi_dot", "<gradient, expert_i - base>, 8 experts", static s =>
        [
            new("f32", "segments, summed by a second kernel", Merge(s, null).ToMultiDot()),
            new("f32 by column", "a result per column", ByColumn(s).ToMultiDot()),
            new("bf16", "base and experts in BF16", Merge(s, DType.BF16).ToMultiDot()),
            new("f16", "base and experts in F16", Merge(s, DType.F16).ToMultiDot()),
        ]),
    ];

    private static RoutedVariant Merge(KernelSizes sizes, DType? stored) => new()
    {
        Shape = sizes.Rows(64, 768), Experts = [.. Enumerable.Repeat(stored, Experts)], BaseType = stored,
    };

    private static RoutedVariant ByColumn(KernelSizes sizes) => Merge(sizes, null) with { Channel = RoutedChannel.Column };
}
