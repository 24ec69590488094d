using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Kernels.Reference;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>Backbones whose matrices are held in BF16.</summary>
[Trait("Category", "Golden")]
public sealed class StoredWeightsTests
{
    internal const string StoredAsBFloat16 = "GPT2LMHeadModel stored as torch.bfloat16";

    [Theory]
    [FixtureData(StoredAsBFloat16)]
    public void LanguageModel_CheckpointInBFloat16_MatchesReference(string name) => TestBackends.ForAll(name, LanguageModel);

    /// <summary>Compares the logits of a model whose matrices stay in BF16.</summary>
    internal static void LanguageModel(FixtureFolder fixture, IBackend backend)
    {
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        using Checkpoint checkpoint = Checkpoint.Open(fixture.Path);
        using SupervisedModel model = SupervisedModel.Load(backend, checkpoint, DType.BF16);
        TensorRef logits = model.Forward(FixtureBatch.Tokens(expected), ForwardMode.Inference);
        GoldenAssert.Close(
            backend, "logits", expected.ReadDoubles("logits"), logits, TestBackends.Scale(backend, GoldenAssert.Output));
    }

    [Theory]
    [FixtureData(StoredAsBFloat16)]
    public void LoadBackbone_CheckpointInBFloat16_KeepsItsBytesAndWidensVectors(string name)
    {
        using HostBackend backend = new(threads: 1);
        using Checkpoint checkpoint = Checkpoint.Open(FixtureFolder.Named(name).Path);
        using Backbone backbone = ModelLoader.LoadBackbone(backend, checkpoint, DType.BF16);
        StoredParameters stored = new(checkpoint, backbone.CheckpointPrefixes, backbone.Layout);
        Assert.Contains(backbone.Layout.Parameters, static parameter => parameter.IsProductWeight);
        foreach (ParameterSpec parameter in backbone.Layout.Parameters)
        {
            TensorRef tensor = backbone.Parameters[parameter.Name];
            Assert.Equal(parameter.IsProductWeight ? DType.BF16 : DType.F32, tensor.DType);
            float[] wide = checkpoint.ReadSingles(stored.NameOf(parameter));
            Bits.AssertEqual(parameter.Name, wide, Wide(backend, tensor));
        }
    }

    [Fact]
    public void LoadBackbone_Gpt2InBFloat16_RoundsMatricesToNearestEvenAndNothingElse()
    {
        using ScratchFolder scratch = new();
        RandomCheckpoint.Write(scratch.File("model"), RandomCheckpoint.TinyGpt2);
        using HostBackend backend = new(threads: 1);
        using Checkpoint checkpoint = Checkpoint.Open(scratch.File("model"));
        using Backbone single = ModelLoader.LoadBackbone(backend, checkpoint);
        using Backbone stored = ModelLoader.LoadBackbone(backend, checkpoint, DType.BF16);
        string[] matrices = [.. stored.Layout.Parameters.Where(static p => p.IsProductWeight).Select(static p => p.Name)];
        Assert.Equal(
            ["wte.weight", "h.0.attn.c_attn.weight", "h.0.attn.c_proj.weight", "h.0.mlp.c_fc.weight", "h.0.mlp.c_proj.weight"],
            matrices[..5]);
        foreach (ParameterSpec parameter in stored.Layout.Parameters)
        {
            float[] values = Wide(backend, single.Parameters[parameter.Name]);
            float[] expected = parameter.IsProductWeight
                ? Array.ConvertAll(values, static value => DTypes.WidenBFloat16(DTypes.NarrowToBFloat16(value)))
                : values;
            Bits.AssertEqual(parameter.Name, expected, Wide(backend, stored.Parameters[parameter.Name]));
        }
    }

    [Theory]
    [FixtureData("GPT2LMHeadModel", Contains = true)]
    public void Generator_RoundedWeights_GivesTheTokensOfTheReference(string name)
    {
        int[] prompt = [3, 1, 4, 1, 5];
        List<int[]> results = [];
        foreach (IBackend backend in TestBackends.All())
        {
            using IBackend owned = backend;
            using Checkpoint checkpoint = Checkpoint.Open(FixtureFolder.Named(name).Path);
            using Gpt2Backbone backbone = (Gpt2Backbone)ModelLoader.LoadBackbone(backend, checkpoint, DType.BF16);
            using Gpt2Generator generator = new(backbone);
            results.Add([.. generator.Generate(prompt, backbone.Config.MaxPositionEmbeddings - prompt.Length)]);
        }

        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    /// <summary>Widening is exact and the order of the sums the same: a float32 model with the rounded matrices has the same
    /// bits.</summary>
    [Theory]
    [FixtureData("ViTForImageClassification")]
    [FixtureData("CLIPVisionModelWithProjection", Contains = true)]
    public void Vision_RoundedWeights_SameBitsAsFloat32ModelOfThem(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        using HostBackend backend = new(threads: 2);
        using Checkpoint checkpoint = Checkpoint.Open(fixture.Path);
        using Backbone stored = ModelLoader.LoadBackbone(backend, checkpoint, DType.BF16);
        using Backbone single = ModelLoader.LoadBackbone(backend, checkpoint);
        foreach (ParameterSpec parameter in stored.Layout.Parameters)
        {
            backend.Copy(stored.Parameters[parameter.Name], single.Parameters[parameter.Name]);
        }

        Batch batch = FixtureBatch.Images(expected);
        float[] features = Bits.Of(backend, single.Forward(batch, ForwardMode.Inference));
        Bits.AssertEqual("features", features, Bits.Of(backend, stored.Forward(batch, ForwardMode.Inference)));
        Assert.Contains(features, static value => value != 0);
    }

    [Fact]
    public void RequestGradients_WeightsInBFloat16_SaysThatTheyAreForInference()
    {
        using ScratchFolder scratch = new();
        RandomCheckpoint.Write(scratch.File("model"), RandomCheckpoint.TinyViT);
        using HostBackend backend = new(threads: 1);
        using Checkpoint checkpoint = Checkpoint.Open(scratch.File("model"));
        using SupervisedModel model = SupervisedModel.Load(backend, checkpoint, DType.BF16);
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => model.RequestGradients(null));
        Assert.Contains("Weights in BF16 are for inference", exception.Message, StringComparison.Ordinal);
        model.RequestGradients(static name => name.StartsWith("classifier", StringComparison.Ordinal));
        Assert.Equal(2, model.Head.Gradients.Parameters.Count);
    }

    [Fact]
    public void LoadBackbone_UnsupportedWeightType_NamesWhatThereIs()
    {
        using ScratchFolder scratch = new();
        RandomCheckpoint.Write(scratch.File("model"), RandomCheckpoint.TinyViT);
        using ReferenceBackend backend = new(DType.F64);
        using Checkpoint checkpoint = Checkpoint.Open(scratch.File("model"));
        ArgumentException exception = Assert.Throws<ArgumentException>(() => ModelLoader.LoadBackbone(backend, checkpoint, DType.F16));
        Assert.Contains("F64 or BF16, not in F16", exception.Message, StringComparison.Ordinal);
    }

    private static float[] Wide(HostBackend backend, TensorRef tensor)
    {
        using Arena arena = backend.CreateArena("wide", Arena.AlignedSize(DType.F32, tensor.Shape));
        TensorRef wide = arena.Allocate("wide", DType.F32, tensor.Shape);
        backend.Copy(tensor, wide);
        return Bits.Of(backend, wide);
    }
}
