using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>Whatever is wrong with the input: exit code 3, one line that names file and tensor, nothing half-written.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Tensor = "vit.encoder.layer.1.attention.output.dense.weight";

    private readonly CommandLineHarness _harness = new();
    private readonly SampleTasks _samples = new("digits", "rotation");

    [Fact]
    public void Train_TruncatedExpert_NamesTheFile()
    {
        string model = _samples.CopyModel(1);
        byte[] bytes = File.ReadAllBytes(model);
        File.WriteAllBytes(model, bytes[..(bytes.Length / 2)]);
        AssertRefused(_samples.Train("front"), model);
    }

    [Fact]
    public void Train_HeaderBeyondTheFile_NamesTheFile()
    {
        string model = _samples.CopyModel(1);
        byte[] bytes = File.ReadAllBytes(model);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)bytes.Length);
        File.WriteAllBytes(model, bytes);
        AssertRefused(_samples.Train("front"), model);
    }

    [Fact]
    public void Train_OverlappingOffsets_NamesFileAndTensor()
    {
        string model = _samples.CopyModel(1);
        ChangeHeader(model, header =>
        {
            JsonNode root = JsonNode.Parse(header)!;
            JsonArray offsets = root[Tensor]!["data_offsets"]!.AsArray();
            root[Tensor]!["data_offsets"] = new JsonArray(offsets[0]!.GetValue<long>() - 4, offsets[1]!.GetValue<long>() - 4);
            return root.ToJsonString();
        });
        AssertRefused(_samples.Train("front"), model, Tensor);
    }

    [Fact]
    public void Train_DuplicateNames_NamesFileAndTensor()
    {
        string model = _samples.CopyModel(1);
        ChangeHeader(
            model, header => header.Replace(Tensor, "vit.encoder.layer.0.attention.output.dense.weight", StringComparison.Ordinal));
        AssertRefused(_samples.Train("front"), model, "vit.encoder.layer.0.attention.output.dense.weight");
    }

    [Fact]
    public void Train_MissingTensor_NamesItAndItsNeighbours()
    {
        string model = _samples.CopyModel(1);
        ChangeHeader(model, header => header.Replace(Tensor, Tensor + "s", StringComparison.Ordinal));
        AssertRefused(_samples.Train("front"), Path.GetDirectoryName(model)!, $"'{Tensor}': missing", Tensor + "s");
    }

    [Fact]
    public void Train_ExpertOfAnotherShape_NamesTensorAndShapes()
    {
        string model = _samples.CopyModel(1);
        ChangeHeader(model, header =>
        {
            JsonNode root = JsonNode.Parse(header)!;
            root[Tensor]!["shape"] = new JsonArray(32, 128);
            return root.ToJsonString();
        });
        AssertRefused(_samples.Train("front"), model, Tensor, "[64, 64]", "[32, 128]");
    }

    [Fact]
    public void Train_EmptyDataSet_NamesTheFile()
    {
        string images = _samples.PathOf("rotation-train-images-idx3-ubyte");
        SampleTasks.WriteIdx(images, [0, 8, 8], []);
        SampleTasks.WriteIdx(_samples.PathOf("rotation-train-labels-idx1-ubyte"), [0], []);
        AssertRefused(_samples.Train("front"), images, "empty");
    }

    [Fact]
    public void Train_LabelOutOfRange_NamesFileAndExample()
    {
        string labels = _samples.PathOf("rotation-train-labels-idx1-ubyte");
        byte[] bytes = File.ReadAllBytes(labels);
        bytes[^1] = 4;
        File.WriteAllBytes(labels, bytes);
        AssertRefused(_samples.Train("front"), labels, "label 4 of example 47");
    }

    [Fact]
    public void Train_BatchLargerThanTheData_NamesTheDataSet() =>
        AssertRefused(_samples.Train("front", "--batch", "49"), "digits train", "48 examples");

    [Fact]
    public void Train_NoTrainingData_NamesTheTask()
    {
        TaskFile tasks = TaskFile.Read(_samples.File);
        (tasks with { Tasks = [tasks.Tasks[0], tasks.Tasks[1] with { Train = null }] }).Write(_samples.File);
        AssertRefused(_samples.Train("front"), _samples.File, "'rotation'", "training data");
    }

    [Fact]
    public void Train_OutputBelowAFile_NamesIt()
    {
        string file = _samples.Folder.WriteBytes("file", [1]);
        AssertRefused(_samples.Train(Path.Combine("file", "front")), file);
        Assert.Equal([1], File.ReadAllBytes(file));
    }

    [Fact]
    public void Train_DiskFull_NamesTheFile()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/dev/full"), "There is no /dev/full.");
        string log = _samples.PathOf("front", "log.jsonl");
        Directory.CreateDirectory(_samples.PathOf("front"));
        File.CreateSymbolicLink(log, "/dev/full");

        Assert.Equal(ExitCodes.Data, _harness.Run(_samples.Train("front")));
        Assert.Contains(log, Assert.Single(Errors()), StringComparison.Ordinal);
        Assert.Equal([log], Directory.EnumerateFileSystemEntries(_samples.PathOf("front")));
    }

    [Fact]
    public void Evaluate_AnotherBase_NamesItAndBothHashes()
    {
        Assert.Equal(ExitCodes.Success, _harness.Run(_samples.Train("front")));
        string model = _samples.CopyModel(-1);
        byte[] bytes = File.ReadAllBytes(model);
        bytes[^1] ^= 1;
        File.WriteAllBytes(model, bytes);

        string[] evaluate = ["pareto", "evaluate", _samples.PathOf("front"), _samples.File, "--grid", "2"];
        AssertRefused(evaluate, Path.GetDirectoryName(model)!, "another base", "SHA-256");
        AssertRefused(
            ["pareto", "unload", _samples.PathOf("front"), _samples.File, "-r", "1,0", "-o", _samples.PathOf("mixed")], "another base");
        Assert.False(File.Exists(_samples.PathOf("front", "front.json")));
        Assert.False(Directory.Exists(_samples.PathOf("mixed")));
    }

    [Theory]
    [InlineData("1", "found 1")]
    [InlineData("0.2,0.3,0.5", "found 3")]
    [InlineData("-0.1,1.1", "found '-0.1' for digits")]
    [InlineData("0.5,x", "found 'x' for rotation")]
    [InlineData("0.5,NaN", "found 'NaN' for rotation")]
    [InlineData("0.5,0.6", "the sum is 1.1")]
    public void Unload_PreferenceOffTheSimplex_SaysWhy(string preference, string problem) =>
        AssertRefused(
            ["pareto", "unload", _samples.File, "--soup", $"--preference={preference}", "-o", _samples.PathOf("mixed")],
            "digits, rotation",
            problem);

    [Fact]
    public void Unload_ModelInsteadOfRouters_NamesTheFile()
    {
        string model = SourceTree.PathOf("samples", "models", "base", "model.safetensors");
        AssertRefused(["pareto", "unload", model, _samples.File, "-r", "0.5,0.5", "-o", _samples.PathOf("mixed")], model, "no router file");
    }

    [Theory]
    [InlineData("{ \"base\": \"b\", \"tasks\": [], }", "at least one task")]
    [InlineData("{ \"base\": \"b\", \"tasks\": [{ \"name\": \"a\", \"expert\": \"e\", \"tests\": \"d\" }] }", "tests")]
    [InlineData("{ \"base\": \"b\", \"tasks\": [{ \"name\": \"a\" }] }", "'a' names no expert")]
    [InlineData(
        "{ \"base\": \"b\", \"tasks\": [{ \"name\": \"a\", \"expert\": \"e\", \"train\": { \"images\": \"i\" } }] }",
        "images and labels, or tokens")]
    [InlineData("nothing", "not a task file")]
    public void Train_MalformedTaskFile_NamesIt(string text, string problem)
    {
        File.WriteAllText(_samples.File, text);
        AssertRefused(_samples.Train("front"), _samples.File, problem);
    }

    public void Dispose()
    {
        _harness.Dispose();
        _samples.Dispose();
    }

    private static void ChangeHeader(string path, Func<string, string> change)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        byte[] header = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(bytes, 8, length)));
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        File.WriteAllBytes(path, [.. prefix, .. header, .. bytes.Skip(8 + length)]);
    }

    private IEnumerable<string> Errors() => _harness.Error.Split('\n').Where(line => line.StartsWith("error: ", StringComparison.Ordinal));

    private void AssertRefused(string[] arguments, params string[] words)
    {
        int before = Errors().Count();
        string[] files = Directory.GetFileSystemEntries(_samples.PathOf(), "*", SearchOption.AllDirectories);
        Assert.Equal(ExitCodes.Data, _harness.Run(arguments));
        string error = Assert.Single(Errors().Skip(before));
        Assert.All(words, word => Assert.Contains(word, error, StringComparison.Ordinal));
        Assert.Equal(files, Directory.GetFileSystemEntries(_samples.PathOf(), "*", SearchOption.AllDirectories));
    }
}
