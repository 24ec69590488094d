using System;
using System.IO;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class UnloadTests
{
    private static readonly float[] Preference = [0.3f, 0.7f];

    [Fact]
    public void Dispose_AfterApply_ReleasesExpertsAndKeepsTheNetwork()
    {
        using ScratchFolder scratch = new();
        SampleExperiment.CopyModels(scratch.Path);
        using HostBackend backend = new(threads: 2);
        using SampleExperiment sample = SampleExperiment.In(scratch.Path, backend);
        using RoutedFusion fusion = Routed(sample);
        fusion.Apply(Preference);
        float[] before = Logits(backend, sample.Backbone, sample.Tasks[1].Head, sample.Batches(7)[1]);
        HostMemory[] files = [.. sample.Ensemble.Experts.Append(sample.Ensemble.Base)
            .Select(static checkpoint => (HostMemory)checkpoint.Tensor("vit.layernorm.weight").Buffer!)];
        AssertMapped(scratch.Path, expected: true);

        sample.Ensemble.Dispose();

        AssertMapped(scratch.Path, expected: false);
        Assert.All(files, static file => Assert.Throws<ObjectDisposedException>(() => AddressOf(file)));
        Bits.AssertEqual("logits", before, Logits(backend, sample.Backbone, sample.Tasks[1].Head, sample.Batches(7)[1]));
        Assert.Throws<ObjectDisposedException>(() => fusion.Apply(Preference));
    }

    [Fact]
    public void Save_MergedNetwork_LoadsWithTheSameBits()
    {
        using ScratchFolder scratch = new();
        using HostBackend backend = new(threads: 2);
        using SampleExperiment sample = new(backend);
        using RoutedFusion fusion = Routed(sample);
        fusion.Apply(Preference);
        string folder = scratch.File("unloaded");
        Unloader.Save(folder, sample.Ensemble, [0.3, 0.7], ["digits", "fashion"], headOf: 1);

        using Checkpoint saved = Checkpoint.Open(folder);
        using SupervisedModel model = SupervisedModel.Load(backend, saved);
        Batch batch = sample.Batches(7)[1];
        float[] expected = Logits(backend, sample.Backbone, sample.Tasks[1].Head, batch);
        Bits.AssertEqual("logits", expected, Bits.Of(backend, model.Forward(batch, ForwardMode.Inference)));
        Assert.Equal(sample.Ensemble.Base.Names, saved.Names);
        Assert.Equal(sample.Ensemble.Base.ByteLength, saved.ByteLength);
        Assert.Equal(File.ReadAllText(SourceTree.PathOf("samples", "models", "fashion", "config.json")), saved.Configuration.Text);
        Assert.True(File.Exists(Path.Combine(folder, PixelNormalization.FileName)));
        Assert.Equal("0.3,0.7", saved.Metadata["fusion.preference"]);
    }

    [Fact]
    public void Save_AllHeads_AddsThemUnderTheTasksNames()
    {
        using ScratchFolder scratch = new();
        using HostBackend backend = new(threads: 1);
        using SampleExperiment sample = new(backend);
        using UniformFusion soup = UniformFusion.Soup(sample.Ensemble);
        soup.Apply(Preference);
        Unloader.Save(scratch.File("all"), sample.Ensemble, [0.3, 0.7], ["digits", "fashion"], headOf: 0, allHeads: true);
        using Checkpoint saved = Checkpoint.Open(scratch.File("all"));
        string[] heads = [.. saved.Names.Where(static name => name.StartsWith("heads.", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "heads.digits.classifier.bias", "heads.digits.classifier.weight",
                "heads.fashion.classifier.bias", "heads.fashion.classifier.weight",
            ],
            heads);
        Assert.Equal(sample.Ensemble.Experts[1].ReadSingles("classifier.weight"), saved.ReadSingles("heads.fashion.classifier.weight"));
        Assert.Equal(saved.ReadSingles("heads.digits.classifier.weight"), saved.ReadSingles("classifier.weight"));
    }

    [Fact]
    public void Save_BFloat16Base_KeepsItsDTypeAndSize()
    {
        using ScratchFolder scratch = new();
        SampleExperiment.CopyModels(scratch.Path);
        string folder = Path.Combine(scratch.Path, "base");
        using (Checkpoint original = Checkpoint.Open(SourceTree.PathOf("samples", "models", "base")))
        {
            CheckpointWriter.Write(
                folder,
                [.. original.Names.Select(name => new TensorToWrite(name, original.Tensor(name), DType.BF16))],
                new CheckpointWriterOptions { ConfigurationText = original.Configuration.Text, Overwrite = true });
        }

        using HostBackend backend = new(threads: 1);
        using SampleExperiment sample = SampleExperiment.In(scratch.Path, backend);
        using UniformFusion soup = UniformFusion.Soup(sample.Ensemble);
        soup.Apply(Preference);
        Unloader.Save(scratch.File("saved"), sample.Ensemble, [0.3, 0.7], ["digits", "fashion"], headOf: 0);
        using Checkpoint saved = Checkpoint.Open(scratch.File("saved"));
        foreach (ParameterSpec parameter in sample.Backbone.Layout.Parameters)
        {
            Assert.Equal(DType.BF16, saved.Entry("vit." + parameter.Name).DType);
        }
    }

    private static RoutedFusion Routed(SampleExperiment sample)
    {
        RoutedFusion fusion = new(sample.Ensemble, RouterSettings.Residual(Granularity.Tensor));
        fusion.Settings.Initialization.Fill(fusion.Routers, seed: 1, fusion.Parameters);
        return fusion;
    }

    private static float[] Logits(IBackend backend, Backbone backbone, Head head, Batch batch) =>
        Bits.Of(backend, head.Forward(backbone.Forward(batch, ForwardMode.Inference)));

    private static unsafe nint AddressOf(HostMemory memory) => (nint)memory.Address;

    private static void AssertMapped(string folder, bool expected)
    {
        if (OperatingSystem.IsLinux())
        {
            int maps = File.ReadLines("/proc/self/maps").Count(line => line.Contains(folder, StringComparison.Ordinal));
            Assert.Equal(expected ? 3 : 0, maps);
        }
    }
}
