using System;
using System.Linq;
using Engine.Models;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>Checkpoints unloaded from the sample models.</summary>
public sealed class ParetoUnloadCommandTests : IDisposable
{
    private readonly CommandLineHarness _harness = new();
    private readonly SampleTasks _samples = new("digits", "fashion", "rotation");

    [Fact]
    public void Run_Routers_WritesACheckpointWithTheSameLogits()
    {
        AssertSuccess(_samples.Train("front", "--only", "digits,rotation", "--granularity", "row"));
        using CommandLineHarness harness = new();
        string[] unload = ["pareto", "unload", _samples.PathOf("front"), "-r", "0.3,0.7", "-o", _samples.PathOf("mixed"), "--head", "all"];
        Assert.Equal(ExitCodes.Success, harness.Run([.. unload, "--json"]));

        Assert.Equal("rotation", harness.Json.GetProperty("head").GetString());
        Assert.True(harness.Json.GetProperty("check").GetProperty("same_bits").GetBoolean());
        using Checkpoint mixed = Checkpoint.Open(_samples.PathOf("mixed"));
        using Checkpoint original = Checkpoint.Open(SourceTree.PathOf("samples", "models", "rotation"));
        Assert.Equal(original.Names, mixed.Names.Where(name => !name.StartsWith("heads.", StringComparison.Ordinal)));
        Assert.True(mixed.Contains("heads.digits.classifier.weight"));
        Assert.Equal(original.ReadSingles("classifier.bias"), mixed.ReadSingles("classifier.bias"));
        Assert.Equal("0.3,0.7", mixed.Metadata["fusion.preference"]);
    }

    [Fact]
    public void Run_SoupAtAVertex_IsTheExpert()
    {
        AssertSuccess("pareto", "unload", _samples.File, "--soup", "-r", "0,1,0", "-o", _samples.PathOf("soup"));
        Assert.Contains("equal to the bit", _harness.Output, StringComparison.Ordinal);

        using Checkpoint soup = Checkpoint.Open(_samples.PathOf("soup"));
        using Checkpoint expert = Checkpoint.Open(SourceTree.PathOf("samples", "models", "fashion"));
        Assert.All(expert.Names, name => GoldenAssert.Close(
            name,
            [.. expert.ReadSingles(name).Select(static value => (double)value)],
            [.. soup.ReadSingles(name).Select(static value => (double)value)],
            1e-6));
        Assert.Equal(expert.Configuration.Text, soup.Configuration.Text);
    }

    [Fact]
    public void Run_ExistingFolder_IsReplacedOnlyWithForce()
    {
        string[] unload = ["pareto", "unload", _samples.File, "--soup", "-r", "0.5,0.5,0", "-o", _samples.PathOf("soup")];
        AssertSuccess(unload);
        Assert.Equal(ExitCodes.Data, _harness.Run(unload));
        Assert.Contains("the folder exists", _harness.Error, StringComparison.Ordinal);
        AssertSuccess([.. unload, "--force", "--head", "fashion"]);
    }

    [Fact]
    public void Run_UnknownHead_ListsTheTasks()
    {
        Assert.Equal(
            ExitCodes.Usage,
            _harness.Run("pareto", "unload", _samples.File, "--soup", "-r", "1,0,0", "-o", _samples.PathOf("s"), "--head", "cars"));
        Assert.Contains("digits, fashion, rotation", _harness.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _harness.Dispose();
        _samples.Dispose();
    }

    private void AssertSuccess(params string[] arguments)
    {
        int code = _harness.Run(arguments);
        Assert.True(code == ExitCodes.Success, _harness.Error);
    }
}
