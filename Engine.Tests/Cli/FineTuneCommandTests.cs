using System;
using System.IO;
using System.Linq;
using Engine.Models;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>Short fine-tunings of every architecture.</summary>
public sealed class FineTuneCommandTests : IDisposable
{
    private static readonly string Base = SourceTree.PathOf("samples", "models", "base");

    private readonly CommandLineHarness _harness = new();
    private readonly SampleTasks _samples = new("digits", "rotation");

    [Fact]
    public void Run_OtherClasses_DrawsAHeadAndDescribesIt()
    {
        AssertSuccess(FineTune("--classes", "4", "--test", _samples.PathOf("rotation-test"), "--json"));

        Assert.True(_harness.Json.GetProperty("head_is_new").GetBoolean());
        Assert.InRange(_harness.Json.GetProperty("test").GetProperty("accuracy").GetDouble(), 0, 1);
        using Checkpoint expert = Checkpoint.Open(_samples.PathOf("expert"));
        Assert.Equal([4, 64], expert.Entry("classifier.weight").Shape);
        Assert.Equal("rotation", expert.Configuration.Root.GetProperty("finetuning_task").GetString());
        Assert.Equal(4, expert.Configuration.Root.GetProperty("num_labels").GetInt32());
        Assert.Equal(4, ViTConfig.From(expert.Configuration).NumLabels);
        Assert.True(File.Exists(_samples.PathOf("expert", "preprocessor_config.json")));
    }

    [Fact]
    public void Run_FrozenBackbone_ChangesTheHeadAlone()
    {
        AssertSuccess(FineTune("--class-names", "up,left,down,right", "--lr-factor", "classifier=1", "--lr-factor", "*=0"));

        using Checkpoint expert = Checkpoint.Open(_samples.PathOf("expert"));
        using Checkpoint original = Checkpoint.Open(Base);
        string[] backbone = [.. original.Names.Where(name => name.StartsWith("vit.", StringComparison.Ordinal))];
        Assert.NotEmpty(backbone);
        Assert.All(backbone, name => Assert.Equal(original.ReadSingles(name), expert.ReadSingles(name)));
        Assert.Equal(["up", "left", "down", "right"], ViTConfig.From(expert.Configuration).Labels);
    }

    [Fact]
    public void Run_SameClasses_KeepsTheHead()
    {
        AssertSuccess(FineTune("--lr", "0"));

        using Checkpoint expert = Checkpoint.Open(_samples.PathOf("expert"));
        using Checkpoint original = Checkpoint.Open(Base);
        Assert.Equal(original.ReadSingles("classifier.weight"), expert.ReadSingles("classifier.weight"));
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameBits()
    {
        AssertSuccess(FineTune("--new-head", "--seed", "7"));
        byte[] first = File.ReadAllBytes(_samples.PathOf("expert", "model.safetensors"));
        AssertSuccess(FineTune("--new-head", "--seed", "7", "--force"));
        Assert.Equal(first, File.ReadAllBytes(_samples.PathOf("expert", "model.safetensors")));
        AssertSuccess(FineTune("--new-head", "--seed", "8", "--force"));
        Assert.NotEqual(first, File.ReadAllBytes(_samples.PathOf("expert", "model.safetensors")));
    }

    [Theory]
    [FixtureData("GPT2ForSequenceClassification")]
    [FixtureData("GPT2LMHeadModel")]
    public void Run_LanguageModels_TrainOnTokens(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        string tokens = fixture.File("expected.safetensors");
        AssertSuccess(
            "finetune", fixture.Path, "--task", "text", "--tokens", tokens, "--test-tokens", tokens,
            "--steps", "3", "--batch", "2", "--lr", "1e-3", "--output", _samples.PathOf("expert"));
        AssertSuccess("run", _samples.PathOf("expert"), "-i", tokens, "-o", _samples.PathOf("logits.safetensors"));
    }

    [Theory]
    [FixtureData("CLIPVisionModelWithProjection", Contains = true)]
    public void Run_Clip_KeepsTheZeroShotHead(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        ClipVisionConfig config = ClipVisionConfig.Read(fixture.Path);
        int[] dimensions = [6, config.NumChannels, config.ImageSize, config.ImageSize];
        byte[] pixels = new byte[dimensions.Aggregate(1, static (product, d) => product * d)];
        new Random(1).NextBytes(pixels);
        SampleTasks.WriteIdx(_samples.PathOf("images"), dimensions, pixels);
        SampleTasks.WriteIdx(_samples.PathOf("labels"), [6], [0, 1, 0, 1, 0, 1]);
        AssertSuccess(
            "finetune", fixture.Path, "--task", "noise", "--images", _samples.PathOf("images"), "--labels", _samples.PathOf("labels"),
            "--head", fixture.File("expected.safetensors"), "--steps", "3", "--batch", "3", "--output", _samples.PathOf("expert"));

        using Checkpoint expert = Checkpoint.Open(_samples.PathOf("expert"));
        using Checkpoint original = Checkpoint.Open(fixture.Path);
        Assert.Equal(original.Names, expert.Names);
        Assert.Equal(original.ReadSingles("visual_projection.weight"), expert.ReadSingles("visual_projection.weight"));
        Assert.NotEqual(
            original.ReadSingles("vision_model.post_layernorm.weight"), expert.ReadSingles("vision_model.post_layernorm.weight"));
    }

    [Fact]
    public void Run_LabelsBeyondTheClasses_NamesTheFileAndWritesNothing()
    {
        Assert.Equal(ExitCodes.Data, _harness.Run(FineTune("--classes", "2")));
        Assert.Contains("rotation-train-labels-idx1-ubyte: label", _harness.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_samples.PathOf("expert")));
    }

    [Fact]
    public void Run_LossBecomesNaN_WritesNothing()
    {
        Assert.Equal(ExitCodes.Data, _harness.Run(FineTune("--lr", "1e38", "--warmup", "0")));
        Assert.Contains("The loss of 'rotation'", _harness.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_samples.PathOf("expert")));
    }

    [Fact]
    public void Run_OutputBelowAFile_IsRefusedBeforeTraining()
    {
        string file = _samples.Folder.WriteBytes("file", [1]);
        Assert.Equal(ExitCodes.Data, _harness.Run(
            "finetune", Base, "--task", "t", "--train", _samples.PathOf("digits-train"), "--output", Path.Combine(file, "expert")));
        Assert.Contains(file, _harness.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--lr-factor", "classifier")]
    [InlineData("--images", "images")]
    [InlineData("--class-names", "a,a")]
    [InlineData("--warmup", "4")]
    public void Run_HalfAnOption_IsAUsageError(string option, string value) =>
        Assert.Equal(ExitCodes.Usage, _harness.Run(FineTune(option, value)));

    public void Dispose()
    {
        _harness.Dispose();
        _samples.Dispose();
    }

    private string[] FineTune(params string[] more) =>
    [
        "finetune", Base, "--task", "rotation", "--train", _samples.PathOf("rotation-train"), "--output", _samples.PathOf("expert"),
        "--steps", "3", "--batch", "8", .. more,
    ];

    private void AssertSuccess(params string[] arguments)
    {
        int code = _harness.Run(arguments);
        Assert.True(code == ExitCodes.Success, _harness.Error);
    }
}
