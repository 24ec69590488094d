using System.Collections.Generic;
using System.Linq;

namespace Engine.Kernels.Cases;

/// <summary>Matrix products: sizes, transposes, epilogues, gradients.</summary>
internal static class GemmCases
{
    /// <summary>Around the tiles 14x32 and 6x16, with tails, and across the blocks that the loops cut K, M and N into.</summary>
    private static readonly (int M, int N, int K)[] Sizes =
    [
        (1, 1, 1), (1, 33, 17), (50, 1, 17), (33, 17, 1), (50, 33, 17), (14, 32, 8), (13, 31, 29), (15, 33, 64),
        (28, 64, 32), (6, 16, 12), (7, 17, 5), (12, 48, 100), (29, 65, 40), (9, 70, 600), (310, 33, 9), (3, 4200, 5),
        (3, 100, 700), (6, 17, 6200),
    ];

    private static readonly (int M, int N, int K)[] FewRowsSizes =
        [(1, 8, 8), (1, 40, 1208), (1, 264, 392), (2, 40, 1208), (2, 264, 392), (4, 8, 8), (4, 40, 1208), (4, 264, 392)];

    private static readonly (bool A, bool B)[] Transposes = [(false, false), (false, true), (true, false), (true, true)];

    private static readonly int[] Depths = [1, 17, 600, 1100, 6200];

    private static readonly GemmResidual[] ResidualPlaces = [GemmResidual.Separate, GemmResidual.InPlace];

    public static IEnumerable<OpCase> All() =>
        [.. Products(), .. StoredWeights(), .. FewRows(), .. Epilogues(), .. Residuals(), .. Gradients(), .. Large()];

    private static IEnumerable<OpCase> Products() =>
        from size in Sizes
        from transpose in Transposes
        from variant in new GemmVariant[]
        {
            new() { M = size.M, N = size.N, K = size.K, TransposeA = transpose.A, TransposeB = transpose.B },
            new() { M = size.M, N = size.N, K = size.K, TransposeA = transpose.A, TransposeB = transpose.B, Gap = 3, Unaligned = true },
        }
        select variant.ToCase();

    /// <summary>B in BF16, with every way that B is read: as it is for few rows, packed for more, in parts where K is long.</summary>
    private static IEnumerable<OpCase> StoredWeights() =>
        from size in Sizes
        from transpose in Transposes
        where !transpose.A || size.M is 3 or 15
        from apart in Choices.OffOn
        select new GemmVariant
        {
            M = size.M,
            N = size.N,
            K = size.K,
            TransposeA = transpose.A,
            TransposeB = transpose.B,
            StoredB = DType.BF16,
            Bias = apart,
            Residual = apart ? GemmResidual.InPlace : GemmResidual.None,
            Gap = apart ? 3 : 0,
            Unaligned = apart,
        }.ToCase();

    /// <summary>Few rows as in generation, aligned: whole steps of every kernel, tails, fewer columns than a group has.</summary>
    private static IEnumerable<OpCase> FewRows() =>
        from size in FewRowsSizes
        from transposeB in Choices.OffOn
        from stored in new DType?[] { null, DType.BF16 }
        from whole in Choices.OffOn
        select new GemmVariant
        {
            M = size.M,
            N = size.N,
            K = size.K,
            TransposeB = transposeB,
            StoredB = stored,
            Accumulate = whole,
            Bias = whole,
            Activation = whole ? Activation.GeluTanh : Activation.None,
            KeepPreActivation = whole,
            Residual = whole ? GemmResidual.Separate : GemmResidual.None,
        }.ToCase();

    private static IEnumerable<OpCase> Epilogues()
    {
        foreach ((int m, int n, int k) in new[] { (15, 33, 17), (14, 32, 600), (1, 1, 3) })
        {
            GemmVariant plain = new() { M = m, N = n, K = k, TransposeB = true, Gap = 5 };
            yield return (plain with { Accumulate = true }).ToCase();
            yield return (plain with { Bias = true, Gap = 0 }).ToCase();
            yield return (plain with { Bias = true, Accumulate = true, Unaligned = true }).ToCase();
            yield return (plain with { KeepPreActivation = true }).ToCase();
            foreach (Activation activation in ActivationCases.Functions)
            {
                GemmVariant activated = plain with { Bias = true, Activation = activation };
                yield return activated.ToCase();
                yield return (activated with { KeepPreActivation = true, Accumulate = true }).ToCase();
                yield return (activated with { KeepPreActivation = true, Residual = GemmResidual.Separate }).ToCase();
                yield return (plain with { ActivationGradient = activation }).ToCase();
                yield return (plain with { ActivationGradient = activation, TransposeB = false, Accumulate = true }).ToCase();
                yield return (activated with { ActivationGradient = activation, Residual = GemmResidual.Separate }).ToCase();
            }
        }
    }

    /// <summary>The residual may be C itself, also where K is so long that C holds partial sums in between.</summary>
    private static IEnumerable<OpCase> Residuals() =>
        from k in Depths
        from residual in ResidualPlaces
        from bias in Choices.OffOn
        select new GemmVariant { M = 15, N = 35, K = k, Residual = residual, Bias = bias, Gap = bias ? 7 : 0 }.ToCase();

    private static IEnumerable<OpCase> Gradients() =>
        from transpose in Transposes
        from activation in ActivationCases.Functions
        select GemmGradientCases.Layer(transpose.A, transpose.B, activation);

    /// <summary>Batch 32 through one layer of ViT-B/32: 50 tokens of 768 numbers, an MLP of 3072; one token through GPT-2's layer and
    /// head.</summary>
    private static IEnumerable<OpCase> Large()
    {
        GemmVariant layer = new() { M = 1600, N = 768, K = 768, TransposeB = true, Bias = true, IsLarge = true };
        yield return layer.ToCase();
        yield return (layer with { N = 2304 }).ToCase();
        yield return (layer with { N = 3072, Activation = Activation.QuickGelu, KeepPreActivation = true }).ToCase();
        yield return (layer with { K = 3072, Residual = GemmResidual.InPlace }).ToCase();
        yield return (layer with { TransposeB = false, Bias = false, N = 3072, ActivationGradient = Activation.QuickGelu }).ToCase();
        yield return new GemmVariant { M = 768, N = 3072, K = 1600, TransposeA = true, IsLarge = true }.ToCase();
        yield return new GemmVariant { M = 1024, N = 1024, K = 1024, IsLarge = true }.ToCase();
        yield return (layer with { N = 3072, StoredB = DType.BF16 }).ToCase();
        GemmVariant token = new() { M = 1, N = 3072, K = 768, IsLarge = true };
        GemmVariant head = new() { M = 1, N = 50257, K = 768, TransposeB = true, IsLarge = true };
        yield return token.ToCase();
        yield return (token with { StoredB = DType.BF16 }).ToCase();
        yield return head.ToCase();
        yield return (head with { StoredB = DType.BF16 }).ToCase();
    }
}
