using System.Collections.Generic;
using Engine.Kernels;
using Engine.Kernels.Cases;

namespace Engine.Bench;

/// <summary>Reductions over rows and over columns.</summary>
internal static class RowOps
{
    private const int Channels = 768;

    public static IReadOnlyList<KernelOp> All { get; } =
    [
        new("sum_rows", "sums of columns, [r, c] to [c]", static s => KernelVariants.Alignments(
            SumRowsCases.Sum(Tokens(s), accumulate: false, gap: 0))),
        new("layer_norm", "rows to mean 0 and variance 1, scaled and shifted", static s => KernelVariants.Twins(
            LayerNormCases.Forward(Tokens(s), moments: true))),
        new("layer_norm_backward", "its gradients with respect to input, scale and shift", static s => KernelVariants.Twins(
            LayerNormCases.Backward(Tokens(s), LayerNormCases.Wanted.All, gap: 0))),
        new("normalize_rows", "rows to length 1", static s => KernelVariants.Twins(
            RowNormCases.Forward(Tokens(s), inPlace: false, zeros: false))),
        new("normalize_rows_backward", "its gradient", static s => KernelVariants.Twins(
            RowNormCases.Backward(Tokens(s), inPlace: false, zeros: false))),
        new("cross_entropy", "loss and gradient of rows of logits", static s => KernelVariants.Twins(
            LossCases.CrossEntropy(s.Rows(16, 5000), LossCases.Gradient.Separate, 0, Fills.Below(5000), ""))),
        new("squared_error", "loss and gradient of predictions", static s => KernelVariants.Alignments(
            LossCases.SquaredError(s.Count(16384), LossCases.Gradient.Separate))),
        new("arg_max", "place of the largest element of rows", static s => KernelVariants.Alignments(
            LossCases.ArgMax(s.Rows(16, 5000), 0, null, ""))),
    ];

    private static Shape Tokens(KernelSizes sizes) => sizes.Rows(64, Channels);
}
