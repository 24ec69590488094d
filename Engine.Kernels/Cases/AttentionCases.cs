using System.Collections.Generic;
using System.Linq;

namespace Engine.Kernels.Cases;

/// <summary>Multi-head attention.</summary>
internal static class AttentionCases
{
    /// <summary>Hides every fourth key, with other non-zero bytes than 1 for the visible ones.</summary>
    private static readonly OperandFill SomeHidden = (_, _, column) => column % 4 == 2 ? 0 : 1 + (column % 3 * 127);

    /// <summary>Hides all keys of even sequences; of odd ones none.</summary>
    private static readonly OperandFill SequencesHidden = (_, row, _) => row % 2;

    /// <summary>Hides the first keys, so that the first causal queries see none.</summary>
    private static readonly OperandFill FirstHidden = (_, _, column) => column < 3 ? 0 : 1;

    public static IEnumerable<OpCase> All() =>
    [
        .. Variants().Concat(WithoutLogSumExp()).Select(variant => variant.ToForwardCase()),
        .. Variants().Select(variant => variant.ToBackwardCase()),
        .. Large().SelectMany(variant => new[] { variant.ToForwardCase(), variant.ToBackwardCase() }),
    ];

    private static IEnumerable<AttentionVariant> Variants()
    {
        foreach ((int batch, int heads, int tokens, int size) in new[]
        {
            (1, 1, 1, 1), (1, 1, 1, 5), (2, 3, 5, 7), (1, 2, 17, 16), (3, 1, 16, 12), (1, 2, 33, 33), (1, 1, 50, 64), (2, 1, 67, 8),
            (1, 2, 70, 64), (1, 2, 35, 80), (1, 1, 66, 128),
        })
        {
            AttentionVariant square = new() { Batch = batch, Heads = heads, Queries = tokens, Keys = tokens, HeadSize = size };
            yield return square;
            yield return square with { Causal = true };
            yield return square with { Packed = true };
            yield return square with { Packed = true, Causal = true, Gap = 3 };
            yield return square with { Gap = 5, Mask = SomeHidden, MaskName = " mask" };
        }

        AttentionVariant pair = new() { Batch = 2, Heads = 2, Queries = 9, Keys = 9, HeadSize = 6 };
        yield return pair with { Mask = SequencesHidden, MaskName = " hidden sequences" };
        yield return pair with { Mask = SequencesHidden, MaskName = " hidden sequences", Causal = true };
        yield return pair with { Mask = FirstHidden, MaskName = " first keys hidden", Causal = true };
        yield return pair with { Mask = SomeHidden, MaskName = " mask", Causal = true, Packed = true };
        yield return pair with { Deviation = 3 };
        foreach ((int queries, int keys) in new[] { (1, 9), (3, 8), (5, 33), (16, 50), (1, 1) })
        {
            AttentionVariant cached = pair with { Queries = queries, Keys = keys, HeadSize = 5 };
            yield return cached;
            yield return cached with { Causal = true };
            yield return cached with { Causal = true, Gap = 2, Mask = SomeHidden, MaskName = " mask" };
        }

        foreach ((int queries, int keys, int size) in new[] { (1, 150, 64), (1, 70, 96), (20, 100, 64), (70, 150, 72) })
        {
            AttentionVariant cached = pair with { Queries = queries, Keys = keys, HeadSize = size };
            yield return cached with { Causal = true };
            yield return cached with { Mask = SomeHidden, MaskName = " mask" };
        }

        yield return pair with { Queries = 9, Keys = 4 };
    }

    private static IEnumerable<AttentionVariant> WithoutLogSumExp()
    {
        AttentionVariant plain = new() { Batch = 2, Heads = 2, Queries = 7, Keys = 7, HeadSize = 16, KeepLogSumExp = false };
        yield return plain;
        yield return plain with { Causal = true, Packed = true };
        yield return plain with { Queries = 1, Keys = 19, Causal = true };
    }

    /// <summary>ViT-B/32 with batch 32; GPT-2 with a sequence of 512.</summary>
    private static IEnumerable<AttentionVariant> Large() =>
    [
        new() { Batch = 32, Heads = 12, Queries = 50, Keys = 50, HeadSize = 64, Packed = true, IsLarge = true },
        new() { Batch = 1, Heads = 12, Queries = 512, Keys = 512, HeadSize = 64, Packed = true, Causal = true, IsLarge = true },
    ];
}
