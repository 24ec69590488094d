using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class StoredParametersTests
{
    private const string Configuration = """
        {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "n_embd": 64, "n_layer": 1, "n_head": 2}
        """;

    [Fact]
    public void CopyTo_CheckpointStaysOpen_ItsPagesLeaveTheProcess()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc/self/smaps.");
        using ScratchFolder scratch = new();
        RandomCheckpoint.Write(scratch.File("model"), Configuration);
        using HostBackend backend = new(threads: 1);
        using Checkpoint checkpoint = Checkpoint.Open(scratch.File("model"));
        using Gpt2Backbone backbone = (Gpt2Backbone)ModelLoader.LoadBackbone(backend, checkpoint);
        string file = Path.Combine(Path.GetFileName(scratch.Path), "model", "model.safetensors");
        Assert.InRange(ResidentBytes(file), 0, checkpoint.ByteLength / 10);

        // What left comes back.
        TensorRef stored = checkpoint.Tensor("transformer.wte.weight");
        Bits.AssertEqual("token table", Bits.Of(backend, stored), Bits.Of(backend, backbone.TokenTable));
        Assert.InRange(ResidentBytes(file), checkpoint.ByteLength / 2, long.MaxValue);
    }

    /// <summary>Bytes of a mapped file, known by the end of its path, that are in this process's memory.</summary>
    private static long ResidentBytes(string file)
    {
        string size = File.ReadLines("/proc/self/smaps")
            .SkipWhile(line => !line.EndsWith(file, StringComparison.Ordinal))
            .First(static line => line.StartsWith("Rss:", StringComparison.Ordinal));
        return 1024 * long.Parse(size.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
