using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Engine.Models;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>The run command on the golden numbers: a fixture's own file of expected tensors is its input.</summary>
[Trait("Category", "Golden")]
public sealed class RunCommandTests : IDisposable
{
    private readonly CommandLineHarness _harness = new();
    private readonly ScratchFolder _folder = new();

    [Theory]
    [FixtureData("ViTForImageClassification")]
    [FixtureData("GPT2ForSequenceClassification")]
    [FixtureData("GPT2LMHeadModel")]
    [FixtureData("CLIPVisionModelWithProjection", Contains = true)]
    public void Run_Fixture_WritesTheExpectedTensors(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        foreach (string inputs in Directory.EnumerateFiles(fixture.Path, "expected*.safetensors"))
        {
            string output = _folder.File("out.safetensors");
            using SafetensorsFile expected = SafetensorsFile.Open(inputs);
            bool labelled = expected.Contains("labels");
            string[] gradients = labelled ? ["--gradients"] : [];
            int code = _harness.Run(["run", fixture.Path, "--inputs", inputs, "--output", output, "--hidden-states", .. gradients]);
            Assert.True(code == ExitCodes.Success, _harness.Error);

            using SafetensorsFile actual = SafetensorsFile.Open(output);
            AssertComplete(expected, actual, labelled);
            foreach (TensorEntry entry in actual.Entries.Where(entry => expected.Contains(entry.Name)))
            {
                Compare(expected, actual, entry);
            }
        }
    }

    [Theory]
    [FixtureData("CLIPVisionModelWithProjection", Contains = true)]
    public void Run_ClipWithoutText_WritesEmbeddings(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        string inputs = _folder.File("in.safetensors");
        SafetensorsWriter.Write(inputs, [new TensorToWrite("pixel_values", expected.Tensor("pixel_values"))]);
        string output = _folder.File("out.safetensors");
        int code = _harness.Run("run", fixture.Path, "--inputs", inputs, "--output", output);
        Assert.True(code == ExitCodes.Success, _harness.Error);

        using SafetensorsFile actual = SafetensorsFile.Open(output);
        Assert.Equal(["image_embeds", "pooler_output"], actual.Entries.Select(static entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.All(actual.Entries, entry => Compare(expected, actual, entry));
    }

    [Theory]
    [FixtureData("GPT2LMHeadModel stored as torch.bfloat16")]
    public void Run_BFloat16Weights_WritesTheExpectedLogits(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        string inputs = fixture.File("expected.safetensors");
        string output = _folder.File("out.safetensors");
        string[] run = ["run", fixture.Path, "--inputs", inputs, "--output", output, "--dtype", "bf16"];
        Assert.True(_harness.Run(run) == ExitCodes.Success, _harness.Error);

        using SafetensorsFile expected = SafetensorsFile.Open(inputs);
        using SafetensorsFile actual = SafetensorsFile.Open(output);
        Compare(expected, actual, actual["logits"]);
        Assert.Equal(ExitCodes.Usage, _harness.Run([.. run, "--gradients"]));
        Assert.Contains("--gradients: expected --dtype f32", _harness.Error, StringComparison.Ordinal);
    }

    [Theory]
    [FixtureData("ViTForImageClassification")]
    public void Run_GradientsWithoutLabels_NamesFileAndTensor(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        string inputs = _folder.File("in.safetensors");
        SafetensorsWriter.Write(inputs, [new TensorToWrite("pixel_values", expected.Tensor("pixel_values"))]);

        Assert.Equal(
            ExitCodes.Data,
            _harness.Run("run", fixture.Path, "--inputs", inputs, "--output", _folder.File("o.safetensors"), "--gradients"));
        Assert.Contains(inputs, _harness.Error, StringComparison.Ordinal);
        Assert.Contains("'labels'", _harness.Error, StringComparison.Ordinal);
        Assert.Equal(["in.safetensors"], _folder.Entries());
    }

    [Theory]
    [FixtureData("ViTForImageClassification")]
    public void Run_LabelOutOfRange_NamesFileTensorAndElement(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        int images = (int)expected["pixel_values"].Shape[0];
        using HostTensors tensors = new();
        long[] labels = [.. Enumerable.Repeat(0L, images - 1), 1000];
        string inputs = _folder.File("in.safetensors");
        SafetensorsWriter.Write(
            inputs, [new TensorToWrite("pixel_values", expected.Tensor("pixel_values")), tensors.Add<long>("labels", labels)]);

        Assert.Equal(ExitCodes.Data, _harness.Run("run", fixture.Path, "--inputs", inputs, "--output", _folder.File("o.safetensors")));
        Assert.Contains($"tensor 'labels': element {images - 1} is 1000", _harness.Error, StringComparison.Ordinal);
        Assert.Equal(["in.safetensors"], _folder.Entries());
    }

    public void Dispose()
    {
        _harness.Dispose();
        _folder.Dispose();
    }

    private static void AssertComplete(SafetensorsFile expected, SafetensorsFile actual, bool labelled)
    {
        string[] prefixes = labelled ? ["hidden_states.", "grad.", "grad_head.", "grad_input."] : ["hidden_states."];
        IEnumerable<string> wanted = expected.Entries.Select(static entry => entry.Name)
            .Where(name => Array.Exists(prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal))
                || name is "logits" or "last_hidden_state" or "pooler_output" or "image_embeds" || (labelled && name == "loss"));
        Assert.All(wanted, name => Assert.True(actual.Contains(name), name));
    }

    private static void Compare(SafetensorsFile expected, SafetensorsFile actual, TensorEntry entry)
    {
        bool gradient = entry.Name.StartsWith("grad", StringComparison.Ordinal);
        Assert.Equal(expected[entry.Name].Shape, entry.Shape);
        GoldenAssert.Close(
            entry.Name,
            expected.ReadDoubles(entry.Name),
            actual.ReadDoubles(entry.Name),
            entry.Name == "loss" ? GoldenAssert.Loss : gradient ? GoldenAssert.Gradient : GoldenAssert.Output,
            gradient ? GoldenAssert.GradientFloor : 0);
    }
}
