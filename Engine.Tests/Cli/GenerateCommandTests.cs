using System;
using System.Linq;
using Engine.Models;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>The generate command on the golden greedy continuation.</summary>
[Trait("Category", "Golden")]
public sealed class GenerateCommandTests : IDisposable
{
    private readonly CommandLineHarness _harness = new();
    private readonly ScratchFolder _folder = new();

    [Theory]
    [FixtureData("greedy", Contains = true)]
    public void Run_Prompt_ContinuesAsExpected(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        long[] newIds = expected.ReadInt64s("new_ids");
        string prompt = string.Join(',', expected.ReadInt64s("prompt_ids"));
        Assert.Equal(ExitCodes.Success, _harness.Run("generate", fixture.Path, "--ids", prompt, "--tokens", $"{newIds.Length}"));
        Assert.Equal(string.Join(',', newIds), _harness.Output.Trim());
        Assert.Contains("tokens/s", _harness.Error, StringComparison.Ordinal);
    }

    [Theory]
    [FixtureData("greedy", Contains = true)]
    public void Run_PromptFileAndStop_EndsThere(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        string prompt = _folder.File("prompt.safetensors");
        SafetensorsWriter.Write(prompt, [new TensorToWrite("input_ids", expected.Tensor("prompt_ids"))]);
        long[] newIds = expected.ReadInt64s("new_ids");
        long stop = newIds[1];
        string[] generate =
        [
            "generate", fixture.Path, "--prompt-file", prompt, "--tokens", $"{newIds.Length}", "--stop", $"{stop}", "--json",
        ];
        Assert.Equal(ExitCodes.Success, _harness.Run(generate));

        int length = Array.IndexOf(newIds, stop) + 1;
        Assert.Equal(newIds[..length], _harness.Json.GetProperty("new_ids").EnumerateArray().Select(id => id.GetInt64()));
    }

    [Theory]
    [FixtureData("greedy", Contains = true)]
    public void Run_BFloat16Weights_ContinuesAsTheReferenceDoes(string name)
    {
        string[] generate = ["generate", FixtureFolder.Named(name).Path, "--ids", "3,1,4", "--tokens", "12", "--dtype", "bf16"];
        Assert.Equal(ExitCodes.Success, _harness.Run([.. generate, "--device", "reference"]));
        string expected = _harness.Output;
        Assert.Equal(ExitCodes.Success, _harness.Run([.. generate, "--device", "host"]));
        Assert.Equal(expected + expected, _harness.Output);
        Assert.Equal(12, expected.Split(',').Length);
    }

    [Fact]
    public void Run_UnknownDtype_IsUsageError()
    {
        string model = FixtureFolder.KindContaining("greedy")[0].Path;
        Assert.Equal(ExitCodes.Usage, _harness.Run("generate", model, "--ids", "1", "--dtype", "f16"));
        Assert.Contains("f16", _harness.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,2,x", ExitCodes.Usage, "found 'x'")]
    [InlineData("1,-2", ExitCodes.Data, "token -2 is out of range")]
    [InlineData("1,1000000", ExitCodes.Data, "token 1000000 is out of range")]
    public void Run_WrongPrompt_SaysWhatIsWrong(string ids, int code, string problem)
    {
        string model = FixtureFolder.KindContaining("greedy")[0].Path;
        Assert.Equal(code, _harness.Run("generate", model, "--ids", ids));
        Assert.Contains(problem, _harness.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_MoreTokensThanPositions_SaysHowMany()
    {
        string model = FixtureFolder.KindContaining("greedy")[0].Path;
        Assert.Equal(ExitCodes.Data, _harness.Run("generate", model, "--ids", "1", "--tokens", "100000"));
        Assert.Contains("1 tokens and 100000 new ones", _harness.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ImageModel_IsRefused()
    {
        Assert.Equal(ExitCodes.Data, _harness.Run("generate", SourceTree.PathOf("samples", "models", "base"), "--ids", "1"));
        Assert.Contains("expected GPT2LMHeadModel, found ViTForImageClassification", _harness.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _harness.Dispose();
        _folder.Dispose();
    }
}
