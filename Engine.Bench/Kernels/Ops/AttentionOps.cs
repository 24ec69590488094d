using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
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
            .. OnTensorCores(Heads(s), Forward),
        ]),
        new("attention_backward", "its gradients with respect to Q, K and V", static s =>
        [
            .. KernelVariants.Twins(Heads(s).ToBackwardCase()),
            new("causal", "tokens see those before them", (Heads(s) with { Causal = true }).ToBackwardCase()),
            new("heads of 128", "in two chunks", (Heads(s) with { HeadSize = 128 }).ToBackwardCase()),
            new("unaligned", "rows with gaps, 4 bytes per load", (Heads(s) with { Gap = 3 }).ToBackwardCase()),
            .. OnTensorCores(Heads(s), Backward),
        ]),
    ];

    private static IEnumerable<KernelVariant> OnTensorCores(
        AttentionVariant heads, Func<AttentionVariant, Precision, OpCase> toCase) =>
        from precision in new[] { Precision.BFloat16, Precision.TensorFloat32 }
        let format = precision == Precision.BFloat16 ? "bf16" : "tf32"
        from variant in new[]
        {
            (Name: $"tensor {format}", Description: "on tensor cores, sixteen rows per warp", Heads: heads),
            (Name: $"tensor {format} causal", Description: "the same, tokens see those before them", Heads: heads with { Causal = true }),
        }
        select new KernelVariant(variant.Name, variant.Description, toCase(variant.Heads, precision))
        {
            RunsOn = static traits => traits.HasTensorCores,
            Precision = precision,
            Tolerance = Tolerance.OfRoundedResults(DType.F32, precision),
        };

    private static OpCase Forward(AttentionVariant variant, Precision precision)
    {
        OpCase opCase = variant.ToForwardCase();
        return opCase with
        {
            Call = DeviceCall.Of((device, t) => device.AttentionOnTensorCores(variant.Args(t), precision), opCase.Call),
        };
    }

    private static OpCase Backward(AttentionVariant variant, Precision precision)
    {
        OpCase opCase = variant.ToBackwardCase();
        return opCase with
        {
            Call = DeviceCall.Of((device, t) => device.AttentionBackwardOnTensorCores(variant.BackwardArgs(t), precision), opCase.Call),
        };
    }

    private static AttentionVariant Heads(KernelSizes sizes) => new()
    {
        Batch = sizes.Count(1), Heads = 1, Queries = 128, Keys = 128, HeadSize = 64, Packed = true,
    };
}
