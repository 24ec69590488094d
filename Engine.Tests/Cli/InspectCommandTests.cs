using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>The inspect command on the sample models.</summary>
public sealed class InspectCommandTests : IDisposable
{
    private static readonly string Base = SourceTree.PathOf("samples", "models", "base");

    private readonly CommandLineHarness _harness = new();

    [Fact]
    public void Run_Checkpoint_CountsAllParameters()
    {
        Assert.Equal(ExitCodes.Success, _harness.Run("inspect", Base, "--json"));

        JsonElement document = _harness.Json;
        JsonElement[] tensors = [.. document.GetProperty("tensors").EnumerateArray()];
        Assert.Equal("ViTForImageClassification", document.GetProperty("architecture").GetString());
        Assert.Equal(64, document.GetProperty("configuration").GetProperty("hidden_size").GetInt32());
        Assert.Equal(document.GetProperty("tensor_count").GetInt32(), tensors.Length);
        Assert.Equal(document.GetProperty("parameters").GetInt64(), tensors.Sum(Elements));
        Assert.Equal(document.GetProperty("bytes").GetInt64(), 4 * tensors.Sum(Elements));
    }

    [Fact]
    public void Run_Filter_ListsOnlyMatchingTensors()
    {
        Assert.Equal(ExitCodes.Success, _harness.Run("inspect", Base, "--filter", "*.layer.2.*bias", "--json"));

        string[] names =
            [.. _harness.Json.GetProperty("tensors").EnumerateArray().Select(tensor => tensor.GetProperty("name").GetString()!)];
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Matches(@"^.*\.layer\.2\..*bias$", name));
    }

    [Fact]
    public void Run_FilterWithoutMatch_Warns()
    {
        Assert.Equal(ExitCodes.Success, _harness.Run("inspect", Base, "--filter", "nothing"));
        Assert.Contains("no tensor matches 'nothing'", _harness.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_SingleFile_NeedsNoConfiguration()
    {
        Assert.Equal(ExitCodes.Success, _harness.Run("inspect", Path.Combine(Base, "model.safetensors")));
        Assert.Contains("vit.embeddings.cls_token", _harness.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("architecture", _harness.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_MissingCheckpoint_IsDataErrorThatNamesThePath()
    {
        Assert.Equal(ExitCodes.Data, _harness.Run("inspect", "no/such/model"));
        Assert.Contains("no/such/model", _harness.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _harness.Dispose();

    private static long Elements(JsonElement tensor) =>
        tensor.GetProperty("shape").EnumerateArray().Aggregate(1L, (product, dimension) => product * dimension.GetInt64());
}
