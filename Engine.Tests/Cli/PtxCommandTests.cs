using System;
using Engine.Kernels;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

public sealed class PtxCommandTests : IDisposable
{
    private readonly CommandLineHarness _harness = new();

    [Theory]
    [InlineData("sm_80")]
    [InlineData("sm_90")]
    public void Run_Kernel_PrintsItsPtx(string architecture)
    {
        Assert.Equal(ExitCodes.Success, _harness.Run("ptx", "axpy", "--arch", architecture));
        Assert.Contains($".target {architecture}\n", _harness.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains(".entry", _harness.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Json_HasTheText()
    {
        Assert.Equal(ExitCodes.Success, _harness.Run("ptx", "fill_bf16", "--json"));
        Assert.Equal("fill_bf16", _harness.Json.GetProperty("kernel").GetString());
        Assert.Contains(".entry", _harness.Json.GetProperty("ptx").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_List_HasOneNameALine()
    {
        Assert.Equal(ExitCodes.Success, _harness.Run("ptx", "--list"));
        string[] lines = _harness.Output.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.Equal(KernelPtx.Kernels, lines);
        Assert.Contains("layer_norm", lines);
    }

    [Theory]
    [InlineData("layernorm", "layer_norm")]
    [InlineData("AdamW", "adamw")]
    public void Run_UnknownKernel_IsUsageErrorWithTheNearestNames(string word, string nearest)
    {
        Assert.Equal(ExitCodes.Usage, _harness.Run("ptx", word));
        Assert.Single(_harness.Error.TrimEnd().Split('\n'));
        Assert.Contains($"no kernel '{word}'; the nearest names are {nearest}, ", _harness.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_UnknownArchitecture_IsUsageErrorThatNamesTheKnown()
    {
        Assert.Equal(ExitCodes.Usage, _harness.Run("ptx", "axpy", "--arch", "sm_8"));
        Assert.Single(_harness.Error.TrimEnd().Split('\n'));
        Assert.All(KernelPtx.Architectures, name => Assert.Contains(name, _harness.Error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ptx")]
    [InlineData("ptx", "axpy", "--list")]
    public void Run_NeitherKernelNorList_IsUsageError(params string[] arguments)
    {
        Assert.Equal(ExitCodes.Usage, _harness.Run(arguments));
        Assert.Contains("either a kernel or --list", _harness.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _harness.Dispose();
}
