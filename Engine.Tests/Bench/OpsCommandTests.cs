using System;
using System.IO;
using System.Linq;
using Engine.Bench;
using Engine.Kernels.Cases;
using Xunit;

namespace Engine.Tests;

/// <summary>Which op cases are measured.</summary>
public sealed class OpsCommandTests
{
    [Fact]
    public void List_WithoutFilter_NamesEveryLargeCase()
    {
        string[] lines = Run(0, "--list");
        Assert.Equal(
            OpCases.Large.Select(opCase => opCase.ToString()),
            lines.Select(line => line[..line.LastIndexOf(": ", StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData("Gemm", "Gemm")]
    [InlineData("adamw", "AdamW")]
    [InlineData("Attention*", "Attention,AttentionBackward")]
    [InlineData("Gemm nn 1024x*", "Gemm")]
    public void List_Filter_MatchesOpsAndCases(string pattern, string ops)
    {
        string[] lines = Run(0, "--list", "--filter", pattern);
        Assert.Equal(ops.Split(','), lines.Select(line => line.Split(' ')[0]).Distinct());
    }

    [Fact]
    public void Filter_ThatMatchesNothing_IsNamed()
    {
        string error = Assert.Single(Run(2, "--filter", "Gemm", "Gem"));
        Assert.Contains("no case matches 'Gem'; the ops are Gemm, SumRows", error, StringComparison.Ordinal);
    }

    /// <summary>Lines of the output, or of the error output if the command is to fail.</summary>
    private static string[] Run(int expectedCode, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = OpsCommand.Create().Parse(arguments).Invoke(new() { Output = output, Error = error });
        Assert.Equal(expectedCode, code);
        return (code == 0 ? output : error).ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
