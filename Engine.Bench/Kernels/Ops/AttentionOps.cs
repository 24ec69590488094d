using System.Collections.Generic;
using Engine.Kernels.Cases;

namespace Engine.Bench;

/// <summary>Attention, forward and backward.</summary>
internal static class AttentionOps
{
    public static IReadOnlyList<KernelOp> All { get; } =
    [
        new("attention", "softmax(Q K^T / sqrt(D)) V, head by head", static s =>
        [
            .. KernelVariants.Twins(Heads(s).ToForwardCase()),
            new("causal", "tokens see those before them", (Heads(s) with { Causal = true }).ToForwardCase()),
            new("heads of 128", "in two chunks", (Heads(s) with { HeadSize = 128 }).ToForwardCase()),
            new("unaligned", "rows with gaps, 4 bytes per load", (Heads(s) with { Gap = 3 }).ToForwardCase()),
            new(
                "one query", "the last token alone, as generation does", (Heads(s) with { Queries = 1, Packed = false }).ToForwardCase()),
        ]),
        new("attention_backward", "its gradients with respect to Q, K and V", static s =>
        [
            .. KernelVariants.Twins(Heads(s).ToBackwardCase()),
            new("causal", "tokens see those before them", (Heads(s) with { Causal = true }).ToBackwardCase()),
            new("heads of 128", "in two chunks", (Heads(s) with { HeadSize = 128 }).ToBackwardCase()),
            new("unaligned", "rows with gaps, 4 bytes per load", (Heads(s) with { Gap = 3 }).ToBackwardCase()),
        ]),
    ];

    private static AttentionVariant Heads(KernelSizes sizes) => new()
    {
        Batch = sizes.Count(1), Heads = 1, Queries = 128, Keys = 128, HeadSize = 64, Packed = true,
    };
}
