using System;
using System.IO;
using System.Linq;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class CheckpointWriterTests
{
    private static string Sample => SourceTree.PathOf("samples", "models", "base");

    [Fact]
    public void Write_OneShard_HasTheUsualFilesAndNothingElse()
    {
        using ScratchFolder folder = new();
        string path = folder.File("copy");
        using Checkpoint source = Checkpoint.Open(Sample);
        CheckpointTests.WriteCopy(source, path, new CheckpointWriterOptions());
        Assert.Equal(["copy"], folder.Entries());
        Assert.Equal(
            ["config.json", "model.safetensors", "preprocessor_config.json"],
            Directory.GetFileSystemEntries(path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Sample, "config.json")), File.ReadAllBytes(Path.Combine(path, "config.json")));
        using Checkpoint copy = Checkpoint.Open(path);
        Assert.Equal("pt", copy.Metadata["format"]);
    }

    [Fact]
    public void Write_SampleModelAgain_GivesTheSameBytes()
    {
        using ScratchFolder folder = new();
        using Checkpoint source = Checkpoint.Open(Sample);
        CheckpointTests.WriteCopy(source, folder.File("copy"), new CheckpointWriterOptions { Metadata = source.Metadata });
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(Sample, "model.safetensors")),
            File.ReadAllBytes(Path.Combine(folder.File("copy"), "model.safetensors")));
    }

    [Fact]
    public void Write_LimitedShards_KeepsTheLimitAndTheIndexAddsUp()
    {
        const long MaxBytes = 60_000;
        using ScratchFolder folder = new();
        string path = folder.File("copy");
        using Checkpoint source = Checkpoint.Open(Sample);
        CheckpointTests.WriteCopy(source, path, new CheckpointWriterOptions { MaxShardBytes = MaxBytes });
        using Checkpoint copy = Checkpoint.Open(path);
        Assert.True(copy.Files.Count > 1);
        for (int i = 0; i < copy.Files.Count; i++)
        {
            Assert.EndsWith($"model-{i + 1:D5}-of-{copy.Files.Count:D5}.safetensors", copy.Files[i], StringComparison.Ordinal);
            using SafetensorsFile shard = SafetensorsFile.Open(copy.Files[i]);
            Assert.True(shard.Entries.Count == 1 || shard.Entries.Sum(static entry => entry.ByteLength) <= MaxBytes);
        }

        string index = File.ReadAllText(Path.Combine(path, "model.safetensors.index.json"));
        Assert.Contains($"\"total_size\": {source.ByteLength}\n", index, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OtherDType_ConvertsEveryTensor()
    {
        using ScratchFolder folder = new();
        using Checkpoint source = Checkpoint.Open(Sample);
        CheckpointTests.WriteCopy(source, folder.File("half"), new CheckpointWriterOptions(), DType.F16);
        using Checkpoint copy = Checkpoint.Open(folder.File("half"));
        foreach (string name in source.Names)
        {
            Assert.Equal(DType.F16, copy.Entry(name).DType);
            Assert.Equal(source.ReadSingles(name).Select(static value => (float)(Half)value), copy.ReadSingles(name));
        }
    }

    [Fact]
    public void Write_ExistingCheckpoint_IsReplacedOnlyWhenAsked()
    {
        using ScratchFolder folder = new();
        string path = folder.File("copy");
        using Checkpoint source = Checkpoint.Open(Sample);
        CheckpointTests.WriteCopy(source, path, new CheckpointWriterOptions { MaxShardBytes = 60_000 });
        string[] before = [.. Directory.GetFiles(path).Order(StringComparer.Ordinal)];
        DataException error = Assert.Throws<DataException>(
            () => CheckpointTests.WriteCopy(source, path, new CheckpointWriterOptions()));
        Assert.Contains($"'{path}': the folder exists", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(path).Order(StringComparer.Ordinal));
        CheckpointTests.WriteCopy(source, path, new CheckpointWriterOptions { Overwrite = true });
        Assert.Equal(3, Directory.GetFiles(path).Length);
        Assert.Equal(["copy"], folder.Entries());
    }

    [Fact]
    public void Write_OntoItsOwnSource_ReplacesIt()
    {
        using ScratchFolder folder = new();
        string path = folder.File("copy");
        using (Checkpoint sample = Checkpoint.Open(Sample))
        {
            CheckpointTests.WriteCopy(sample, path, new CheckpointWriterOptions());
        }

        using (Checkpoint source = Checkpoint.Open(path))
        {
            CheckpointTests.WriteCopy(source, path, new CheckpointWriterOptions { Overwrite = true }, DType.BF16);
        }

        using Checkpoint copy = Checkpoint.Open(path);
        Assert.Equal(DType.BF16, copy.Entry("classifier.weight").DType);
        Assert.True(File.Exists(Path.Combine(path, "preprocessor_config.json")));
    }

    [Fact]
    public void Write_FolderOfOtherThings_IsNeverReplaced()
    {
        using ScratchFolder folder = new();
        folder.WriteBytes("diary.txt", [1]);
        using Checkpoint source = Checkpoint.Open(Sample);
        DataException error = Assert.Throws<DataException>(
            () => CheckpointTests.WriteCopy(source, folder.Path, new CheckpointWriterOptions { Overwrite = true }));
        Assert.Contains("is not a checkpoint", error.Message, StringComparison.Ordinal);
        Assert.Equal(["diary.txt"], folder.Entries());
    }

    [Fact]
    public void Write_TensorFails_KeepsTheOldCheckpointAndNamesTheTarget()
    {
        using ScratchFolder folder = new();
        string path = folder.File("copy");
        using Checkpoint source = Checkpoint.Open(Sample);
        CheckpointTests.WriteCopy(source, path, new CheckpointWriterOptions());
        string hash = HashOf(path);
        using HostTensor big = HostTensor.Of<float>(DType.F32, new Shape(1), 1e30f);
        DataException error = Assert.Throws<DataException>(() => CheckpointWriter.Write(
            path,
            [new("a", source.Tensor("classifier.weight")), new("b", big.Ref, DType.F16)],
            new CheckpointWriterOptions { Overwrite = true, MaxShardBytes = 1 }));
        Assert.Contains(Path.Combine(path, "model-00002-of-00002.safetensors") + ": tensor 'b'", error.Message, StringComparison.Ordinal);
        Assert.Equal(["copy"], folder.Entries());
        Assert.Equal(hash, HashOf(path));
    }

    [Fact]
    public void Write_NameTwiceInDifferentShards_IsRefused()
    {
        using ScratchFolder folder = new();
        using HostTensor source = HostTensor.Of<float>(DType.F32, new Shape(1), 1);
        DataException error = Assert.Throws<DataException>(() => CheckpointWriter.Write(
            folder.File("x"), [new("a", source.Ref), new("a", source.Ref)], new CheckpointWriterOptions { MaxShardBytes = 1 }));
        Assert.Contains("'a': the name is used twice", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Entries());
    }

    private static string HashOf(string path)
    {
        using Checkpoint checkpoint = Checkpoint.Open(path);
        return checkpoint.Sha256();
    }
}
