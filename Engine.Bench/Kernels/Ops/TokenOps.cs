using System.Collections.Generic;
using Engine.Kernels;
using Engine.Kernels.Cases;

namespace Engine.Bench;

/// <summary>Tokens, rows and patches.</summary>
internal static class TokenOps
{
    private const int Channels = 768;
    private const int Vocabulary = 1000;

    public static IReadOnlyList<KernelOp> All { get; } =
    [
        new("embed_tokens", "rows of a table, plus positions", static s =>
        [
            new("f32", "the table in F32", TokenCases.Embed(s.Count(1), 64, Channels, Vocabulary, first: 0)),
            new("bf16", "the table in BF16", TokenCases.Embed(s.Count(1), 64, Channels, Vocabulary, first: 0, DType.BF16)),
        ]),
        new("embed_tokens_backward", "gradients added to the rows", static s =>
        [
            new(
                "f32",
                "one thread per column of the table",
                TokenCases.EmbedBackward(s.Count(1), 64, Channels, Vocabulary, accumulateTokens: true, accumulatePositions: true)),
        ]),
        new("gather_rows", "y[i] = x[index[i]]", static s => KernelVariants.Alignments(
            TokenCases.Gather(s.Rows(256, Channels), s.Count(64), gap: 0))),
        new("scatter_rows", "dx[index[i]] = sum of dy[i]", static s => KernelVariants.Alignments(
            TokenCases.Scatter(s.Rows(64, Channels), s.Count(16), gap: 0))),
        new("extract_patches", "images to rows of patches", static s => KernelVariants.Alignments(
            ImageCases.Extract(new Shape(s.Count(1), 3, 128, 128), 32))),
        new("fold_patches", "its gradient", static s => KernelVariants.Alignments(
            ImageCases.Fold(new Shape(s.Count(1), 3, 128, 128), 32))),
        new("assemble_tokens", "class token and patches, plus positions", static s => KernelVariants.Alignments(
            ImageCases.Assemble(s.Count(1), 49, Channels))),
        new("assemble_tokens_backward", "its gradients", static s => KernelVariants.Alignments(ImageCases.AssembleBackward(
            s.Count(1), 49, Channels, patches: true, classToken: true, positions: true, accumulate: false))),
    ];
}
