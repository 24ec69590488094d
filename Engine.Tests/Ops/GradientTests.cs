using System.Collections.Generic;
using System.Linq;
using Engine.Kernels.Cases;
using Xunit;

namespace Engine.Tests;

/// <summary>Every backward op against finite differences of its forward op.</summary>
public sealed class GradientTests
{
    public static IEnumerable<TheoryDataRow<string>> Cases =>
        OpCases.Gradients.Select(opCase => new TheoryDataRow<string>(opCase.ToString()));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Backward_EveryCase_MatchesFiniteDifferences(string name)
    {
        CaseResult result = GradientCheck.Check(OpCases.Find(name));
        Assert.True(result.Passed, result.ToString());
    }

    [Theory]
    [InlineData("Gemm")]
    [InlineData("LayerNormBackward")]
    [InlineData("NormalizeRowsBackward")]
    [InlineData("AttentionBackward")]
    [InlineData("ActivateBackward")]
    [InlineData("EmbedTokensBackward")]
    [InlineData("FoldPatches")]
    [InlineData("AssembleTokensBackward")]
    [InlineData("ScatterRows")]
    [InlineData("CrossEntropy")]
    [InlineData("SquaredError")]
    [InlineData("MultiDot")]
    public void Gradients_EveryBackwardOp_HasCases(string op) => Assert.Contains(OpCases.Gradients, opCase => opCase.Op == op);
}
