using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Engine.Bench;
using Engine.Kernels.Cases;
using Xunit;

namespace Engine.Tests;

/// <summary>What docs/kernels.md shows is what is compiled and what is printed.</summary>
[Trait("Category", "Device")]
[Collection(DeviceCollection.Name)]
public sealed class KernelGuideTests(DeviceFixture device)
{
    private static readonly string[] Guide = SourceFiles.Lines("docs/kernels.md");

    [Fact]
    public void CSharpBlock_IsTheKernelThatRuns()
    {
        IEnumerable<string> source = SourceFiles.Lines("Engine.Tests/Documentation/ScaledResidualKernel.cs")
            .SkipWhile(static line => line != "/// <summary>");

        Assert.Equal(source, Block("csharp"));
    }

    [Fact]
    public void TextBlock_IsWhatTheCommandPrints()
    {
        using StringWriter output = new();
        Assert.Equal(0, KernelsCommand.Create([ScaledResidualKernel.Op]).Parse("scaled_residual").Invoke(new() { Output = output }));

        Assert.Equal(Block("text"), output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Kernel_OnOpenCl_MatchesItsDefinition()
    {
        OpCase opCase = Assert.Single(ScaledResidualKernel.Op.Variants(new KernelSizes(1))).Case;
        CaseResult result = OpCaseComparison.WithReference(opCase, device.Backend);
        Assert.True(result.Passed, result.ToString());
    }

    private static IEnumerable<string> Block(string language) => Guide
        .SkipWhile(line => line != "```" + language)
        .Skip(1)
        .TakeWhile(static line => !line.StartsWith("```", StringComparison.Ordinal));
}
