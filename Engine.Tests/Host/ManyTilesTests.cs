using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.Kernels.Host;
using Xunit;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Tests;

/// <summary>Sizes that are cut into several tiles, blocks and pieces; the table's small cases fit into one.</summary>
public sealed class ManyTilesTests(HostBackends backends) : IClassFixture<HostBackends>
{
    // Groups of 1, 2 and 1 experts, then one of 8 and one that is left.
    private static readonly DType?[] Mixed = [DType.BF16, DType.F16, DType.F16, DType.BF16, null, null, null, null, null, null, null, null, null];

    private static readonly Dictionary<string, OpCase> Table = Cases().ToDictionary(opCase => opCase.ToString());

    public static IEnumerable<TheoryDataRow<HostIsa, string>> Rows =>
        from isa in Enum.GetValues<HostIsa>() from name in Table.Keys select new TheoryDataRow<HostIsa, string>(isa, name);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Host_SeveralTiles_MatchesReference(HostIsa isa, string name)
    {
        CaseResult result = OpCaseComparison.WithReference(Table[name], backends.Get(isa, threads: 3));
        Assert.True(result.Passed, result.ToString());
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Host_OneAndThreeThreads_GiveTheSameBits(HostIsa isa, string name)
    {
        string? difference = OpCaseComparison.FindBitDifference(
            Table[name], backends.Get(isa, threads: 1), backends.Get(isa, threads: 3));
        Assert.Null(difference);
    }

    private static IEnumerable<OpCase> Cases()
    {
        foreach (RoutedChannel channel in Enum.GetValues<RoutedChannel>())
        {
            RoutedVariant routed = new() { Shape = new(35, 1003), Experts = Mixed, BaseType = DType.BF16, Channel = channel, Unaligned = true };
            yield return routed.ToWeightedSum();
            yield return routed.ToMultiDot();
            RoutedVariant large = new() { Shape = new(139, 1003), Experts = [null, DType.F16], Channel = channel, Updates = true };
            yield return large.ToWeightedSum();
            yield return large.ToMultiDot();
        }

        AttentionVariant attention = new() { Batch = 1, Heads = 2, Queries = 130, Keys = 130, HeadSize = 64, Packed = true };
        AttentionVariant causal = attention with
        {
            Heads = 2, Queries = 99, Keys = 99, HeadSize = 24, Causal = true, MaskName = " mask", Mask = (_, _, column) => column % 7,
        };
        foreach (AttentionVariant variant in new[] { attention, causal, causal with { Packed = false, Queries = 75, Keys = 203 } })
        {
            yield return variant.ToForwardCase();
            yield return variant.ToBackwardCase();
        }

        yield return LayerNormBackward();
        yield return EmbedTokensBackward();
    }

    /// <summary>Three blocks of rows.</summary>
    private static OpCase LayerNormBackward() => new()
    {
        Op = "LayerNormBackward",
        Name = "[160, 301]",
        Operands =
        [
            Input("x", new Shape(160, 301)), Input("gamma", new Shape(301)), ForwardInput("beta", new Shape(301)),
            ForwardOutput("y", new Shape(160, 301)), Kept("mean", new Shape(160)), Kept("rstd", new Shape(160)),
            Input("dy", new Shape(160, 301)), Updated("dx", new Shape(160, 301)), Updated("dgamma", new Shape(301)),
            Updated("dbeta", new Shape(301)),
        ],
        Forward = (backend, t) => backend.LayerNorm(new LayerNormArgs
        {
            X = t["x"], Gamma = t["gamma"], Beta = t["beta"], Y = t["y"], Mean = t["mean"], ReciprocalDeviation = t["rstd"], Epsilon = 1e-5f,
        }),
        Call = (backend, t) => backend.LayerNormBackward(new LayerNormBackwardArgs
        {
            OutputGradient = t["dy"],
            X = t["x"],
            Gamma = t["gamma"],
            Mean = t["mean"],
            ReciprocalDeviation = t["rstd"],
            InputGradient = t["dx"],
            AccumulateInputGradient = true,
            GammaGradient = t["dgamma"],
            BetaGradient = t["dbeta"],
            AccumulateParameterGradients = true,
        }),
    };

    /// <summary>Three blocks of columns, every token many times.</summary>
    private static OpCase EmbedTokensBackward() => new()
    {
        Op = "EmbedTokensBackward",
        Name = "B9 T40 C150 V11",
        Operands =
        [
            Integers("ids", new Shape(9, 40), Fills.Below(11)), Input("dout", new Shape(360, 150)),
            Output("dtokens", new Shape(11, 150)), Updated("dpositions", new Shape(64, 150)),
        ],
        Call = (backend, t) => backend.EmbedTokensBackward(
            t["ids"], t["dout"], t["dtokens"], t["dpositions"], accumulatePositions: true),
    };
}
