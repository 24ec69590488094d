using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Engine.Models;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>Task files and what they open, for every architecture that can be fused.</summary>
public sealed class FusionWorkspaceTests : IDisposable
{
    private readonly CommandLineHarness _harness = new();
    private readonly ScratchFolder _folder = new();

    [Fact]
    public void TaskFile_OfTheSamples_NamesWhatIsThere()
    {
        TaskFile tasks = TaskFile.Read(SourceTree.PathOf("samples"));
        Assert.Equal(["digits", "fashion", "rotation"], tasks.Names);
        Assert.All([tasks.Base, .. tasks.Tasks.Select(task => task.Expert)], path => Assert.True(Directory.Exists(path), path));
    }

    [Fact]
    public void TaskFile_WrittenElsewhere_NamesTheSameFiles()
    {
        TaskFile tasks = TaskFile.Read(SourceTree.PathOf("samples", "tasks.json"));
        string copy = _folder.File("copy.json");
        tasks.Write(copy);
        TaskFile read = TaskFile.Read(copy);

        Assert.Equal(Path.GetFullPath(tasks.Base), Path.GetFullPath(read.Base));
        Assert.Equal(Path.GetFullPath(tasks.Tasks[1].Train!.Stem!), Path.GetFullPath(read.Tasks[1].Train!.Stem!));
        Assert.DoesNotContain("null", File.ReadAllText(copy), StringComparison.Ordinal);
    }

    [Fact]
    public void Select_UnknownTask_ListsTheKnownOnes()
    {
        TaskFile tasks = TaskFile.Read(SourceTree.PathOf("samples", "tasks.json"));
        Assert.Equal(["rotation", "digits"], tasks.Select(["rotation", "digits"]).Names);
        DataException exception = Assert.Throws<DataException>(() => tasks.Select(["cars"]));
        Assert.Contains("no task 'cars'; expected one of: digits, fashion, rotation", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CommandLine_BaseAndTasks_ReplaceTheFile()
    {
        using SampleTasks samples = new("digits", "rotation");
        string Task(string name) => $"{name}={SourceTree.PathOf("samples", "models", name)},{samples.PathOf(name + "-train")}";
        string[] train =
        [
            "pareto", "train", "--base", SourceTree.PathOf("samples", "models", "base"),
            "--task", Task("digits"), "--task", Task("rotation"),
            "--output", _folder.File("front"), "--steps", "2", "--batch", "4",
        ];
        AssertSuccess(train);
        Assert.Equal(["digits", "rotation"], TaskFile.Read(_folder.File("front")).Names);
        Assert.Equal(ExitCodes.Usage, _harness.Run([.. train[..2], samples.File, .. train[2..]]));
        Assert.Equal(ExitCodes.Usage, _harness.Run("pareto", "train", "--task", "digits", "--output", _folder.File("front2")));
    }

    [Theory]
    [FixtureData("PWEMoE on GPT-2 (mlp only)")]
    [FixtureData("PWEMoE on CLIP vision")]
    public void Commands_FixtureModels_TrainEvaluateAndUnload(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        int experts = fixture.Meta.GetProperty("num_experts").GetInt32();
        TaskEntry[] entries = [.. Enumerable.Range(0, experts).Select(i => Entry(fixture, i))];
        string file = _folder.File("tasks.json");
        new TaskFile { Base = fixture.File("base"), Tasks = entries }.Write(file);
        string equal = string.Join(',', Enumerable.Repeat("0", experts - 1)) + ",1";

        AssertSuccess("pareto", "train", file, "--output", _folder.File("front"), "--steps", "2", "--batch", "2");
        AssertSuccess("pareto", "evaluate", _folder.File("front"), "--grid", "2");
        AssertSuccess("pareto", "unload", _folder.File("front"), "-r", equal, "-o", _folder.File("mixed"));
        Assert.Contains("equal to the bit", _harness.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ImageTaskWithTokens_NamesBoth()
    {
        using SampleTasks samples = new("digits", "rotation");
        TaskFile tasks = TaskFile.Read(samples.File);
        DataSource tokens = new() { Tokens = samples.PathOf("t.safetensors") };
        (tasks with { Tasks = [tasks.Tasks[0], tasks.Tasks[1] with { Train = tokens }] }).Write(samples.File);
        Assert.Equal(ExitCodes.Data, _harness.Run(samples.Train("front")));
        Assert.Contains("takes images: expected IDX files for 'rotation train'", _harness.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _harness.Dispose();
        _folder.Dispose();
    }

    /// <summary>A task of a fixture; where its batch holds tokens they become a data set, where it holds pixels noise does.</summary>
    private TaskEntry Entry(FixtureFolder fixture, int task)
    {
        using SafetensorsFile batches = SafetensorsFile.Open(fixture.File("batches.safetensors"));
        string prefix = $"task.{task}.";
        DataSource data;
        if (batches.Contains(prefix + "input_ids"))
        {
            string tokens = _folder.File($"{task}.safetensors");
            IEnumerable<TensorEntry> own = batches.Entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal));
            SafetensorsWriter.Write(
                tokens, [.. own.Select(entry => new TensorToWrite(entry.Name[prefix.Length..], batches.Tensor(entry.Name)))]);
            data = new DataSource { Tokens = tokens };
        }
        else
        {
            int[] dimensions = [.. batches[prefix + "pixel_values"].Shape.Select(static d => (int)d)];
            byte[] pixels = new byte[dimensions.Aggregate(1, static (product, d) => product * d)];
            new Random(task).NextBytes(pixels);
            data = new DataSource { Images = _folder.File($"{task}.images"), Labels = _folder.File($"{task}.labels") };
            SampleTasks.WriteIdx(data.Images, dimensions, pixels);
            SampleTasks.WriteIdx(
                data.Labels, [dimensions[0]], [.. batches.ReadInt64s(prefix + "labels").Select(static label => (byte)label)]);
        }

        ZeroShotSource? head = fixture.Has("heads.safetensors")
            ? new ZeroShotSource { File = fixture.File("heads.safetensors"), TextEmbeds = $"task.{task}.text_embeds" }
            : null;
        return new TaskEntry { Name = $"task{task}", Expert = fixture.File($"expert_{task}"), Head = head, Train = data, Test = data };
    }

    private void AssertSuccess(params string[] arguments)
    {
        int code = _harness.Run(arguments);
        Assert.True(code == ExitCodes.Success, _harness.Error);
    }
}
