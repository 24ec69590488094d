using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class CheckpointTests
{
    private const string Index = "model.safetensors.index.json";

    [Fact]
    public void Sha256_OtherShardsAndMetadata_IsTheSame()
    {
        using ScratchFolder folder = new();
        string source = SourceTree.PathOf("samples", "models", "digits");
        HashSet<string> hashes = [];
        using (Checkpoint original = Checkpoint.Open(source))
        {
            hashes.Add(original.Sha256());
            foreach (long maxBytes in (long[])[long.MaxValue, 100_000, 10_000, 1])
            {
                string path = folder.File($"max{maxBytes}");
                WriteCopy(original, path, new CheckpointWriterOptions { MaxShardBytes = maxBytes });
                using Checkpoint copy = Checkpoint.Open(path);
                Assert.Equal(original.Names, copy.Names);
                Assert.Equal(original.ByteLength, copy.ByteLength);
                hashes.Add(copy.Sha256());
            }
        }

        using Checkpoint single = Checkpoint.Open(Path.Combine(source, "model.safetensors"));
        hashes.Add(single.Sha256());
        Assert.Matches("^[0-9a-f]{64}$", Assert.Single(hashes));
        using Checkpoint other = Checkpoint.Open(SourceTree.PathOf("samples", "models", "fashion"));
        Assert.DoesNotContain(other.Sha256(), hashes);
    }

    [Fact]
    public void Sha256_KnownTensors_FollowsTheDocumentedFormat()
    {
        using ScratchFolder folder = new();
        string path = folder.WriteSafetensors(
            """{"b":{"dtype":"U8","shape":[2,1],"data_offsets":[0,2]},"B":{"dtype":"BOOL","shape":[],"data_offsets":[2,3]}}""", [7, 8, 1]);
        byte[] expected =
        [
            1, 0, 0, 0, (byte)'B', 4, 0, 0, 0, .. "BOOL"u8, 0, 0, 0, 0, 1,
            1, 0, 0, 0, (byte)'b', 2, 0, 0, 0, .. "U8"u8, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 8,
        ];
        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(expected)), checkpoint.Sha256());
    }

    [Theory]
    [Trait("Category", "Golden")]
    [FixtureData("two shards + index", Contains = true)]
    public void Open_ShardedFixture_FindsEveryTensor(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        using Checkpoint checkpoint = Checkpoint.Open(fixture.Path);
        Assert.True(checkpoint.Files.Count > 1);
        foreach (string tensor in checkpoint.Names)
        {
            Assert.Contains(checkpoint.FileOf(tensor), checkpoint.Files);
            Assert.Equal(checkpoint.Entry(tensor).ElementCount, checkpoint.Tensor(tensor).ElementCount);
        }

        Assert.True(checkpoint.Configuration.IsSupported);
    }

    [Fact]
    public void Open_ShardsThatContradictTheIndex_IsRefused()
    {
        using ScratchFolder folder = new();
        string path = folder.File("sharded");
        using (Checkpoint original = Checkpoint.Open(SourceTree.PathOf("samples", "models", "base")))
        {
            WriteCopy(original, path, new CheckpointWriterOptions { MaxShardBytes = 150_000 });
        }

        string index = File.ReadAllText(Path.Combine(path, Index));
        string[] shards = [.. Directory.GetFiles(path, "*.safetensors").Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.True(shards.Length > 1);
        string line = index.Split('\n').First(text => text.Contains("\"classifier.weight\"", StringComparison.Ordinal));
        string elsewhere = line.Replace(
            line.Contains(shards[0], StringComparison.Ordinal) ? shards[0] : shards[1],
            line.Contains(shards[0], StringComparison.Ordinal) ? shards[1] : shards[0],
            StringComparison.Ordinal);
        AssertRefused(path, index.Replace(line, elsewhere, StringComparison.Ordinal), "says that it lies in");
        AssertRefused(path, index.Replace(line + "\n", string.Empty, StringComparison.Ordinal), "not listed");
        AssertRefused(path, index.Replace("classifier.weight", "classifier.heavy", StringComparison.Ordinal), "classifier");
        AssertRefused(
            path,
            index.Replace("\"weight_map\": {", $"\"weight_map\": {{\"extra\": \"{shards[0]}\",", StringComparison.Ordinal),
            "'extra': missing in");
        AssertRefused(
            path,
            index.Replace("\"weight_map\": {", $"\"weight_map\": {{\"x\": \"../{shards[0]}\",", StringComparison.Ordinal),
            "in the same folder");
        AssertRefused(path, index.Replace("weight_map", "weights", StringComparison.Ordinal), "weight_map");
        AssertRefused(path, index[..^10], "not valid JSON");
        File.WriteAllText(Path.Combine(path, Index), index);
        File.Delete(Path.Combine(path, shards[1]));
        Assert.Contains(shards[1], Assert.Throws<DataException>(() => Checkpoint.Open(path).Dispose()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NothingToOpen_NamesThePath()
    {
        using ScratchFolder folder = new();
        Assert.Contains(
            "found neither", Assert.Throws<DataException>(() => Checkpoint.Open(folder.Path).Dispose()).Message, StringComparison.Ordinal);
        Assert.Contains(
            "no such file or folder",
            Assert.Throws<DataException>(() => Checkpoint.Open(folder.File("absent")).Dispose()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Configuration_SingleFile_IsAClearError()
    {
        using Checkpoint checkpoint = Checkpoint.Open(SourceTree.PathOf("samples", "models", "base", "model.safetensors"));
        Assert.False(checkpoint.HasConfiguration);
        Assert.Throws<DataException>(() => checkpoint.Configuration);
        Assert.Contains(
            "nearest: 'vit.layernorm.weight'",
            Assert.Throws<DataException>(() => checkpoint.Entry("layernorm.weight")).Message,
            StringComparison.Ordinal);
    }

    internal static void WriteCopy(Checkpoint source, string path, CheckpointWriterOptions options, DType? storeAs = null) =>
        CheckpointWriter.Write(
            path,
            [.. source.Names.Select(name => new TensorToWrite(name, source.Tensor(name), storeAs))],
            options with { ConfigurationText = source.Configuration.Text, CopyFilesFrom = source.Path });

    private static void AssertRefused(string path, string indexText, string problem)
    {
        File.WriteAllText(Path.Combine(path, Index), indexText);
        DataException error = Assert.Throws<DataException>(() => Checkpoint.Open(path).Dispose());
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }
}
