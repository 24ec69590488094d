using System;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class GradientRequestTests
{
    [Theory]
    [InlineData("layer.1.intermediate")]
    [InlineData("layer.1.attention")]
    [InlineData("layer.1.layernorm_before")]
    [InlineData("layer.1.layernorm_after")]
    [InlineData("layer.0.intermediate")]
    [InlineData("layer.1.output.dense.bias")]
    [InlineData("position_embeddings")]
    public void ViT_NamedModules_SameAsFullBackwardAndNothingElse(string part) => Compare(RandomCheckpoint.TinyViT, part, Images());

    [Theory]
    [InlineData("h.1.mlp")]
    [InlineData("h.1.attn")]
    [InlineData("h.0.mlp.c_fc.weight")]
    [InlineData("ln_f")]
    [InlineData("wpe")]
    public void Gpt2_NamedModules_SameAsFullBackwardAndNothingElse(string part) => Compare(RandomCheckpoint.TinyGpt2, part, Tokens());

    /// <summary>Weights and states that no gradient needs become NaN between forward and backward pass: whatever is computed from them is
    /// NaN too. The lowest wanted layer's own weight is among them, since nothing below it asks for the gradient of its input.</summary>
    [Theory]
    [InlineData(
        "layer.1.intermediate", "block.0.output", "embeddings", "layer.0.", "layer.1.layernorm_b", "layer.1.attention", "layer.1.int")]
    [InlineData("layer.1.output.dense", "block.0.output", "embeddings", "layer.0.", "layer.1.layernorm", "layer.1.attention", "layer.1.")]
    [InlineData("layer.0.intermediate", "embedded", "embeddings", "layer.0.layernorm_before", "layer.0.attention", "layer.0.intermediate")]
    [InlineData("layer.1.attention", null, "embeddings", "layer.0.", "layer.1.attention.attention")]
    [InlineData("layer.1.attention.output", "block.0.output", "embeddings", "layer.0.", "layer.1.layernorm_before", "layer.1.attention")]
    [InlineData("layer.1.layernorm_before", null, "embeddings", "layer.0.")]
    public void ViT_UpperModule_ComputesNothingBelow(string part, string? state, params string[] weights) =>
        NothingBelow(RandomCheckpoint.TinyViT, part, Images(), state, weights);

    [Theory]
    [InlineData("h.1.mlp", "block.0.output", "wte", "wpe", "h.0.", "h.1.ln_1", "h.1.attn", "h.1.mlp.c_fc")]
    [InlineData("h.0.mlp", "embedded", "wte", "wpe", "h.0.ln_1", "h.0.attn", "h.0.mlp.c_fc")]
    [InlineData("h.1.attn", null, "wte", "wpe", "h.0.", "h.1.attn.c_attn")]
    public void Gpt2_UpperModule_ComputesNothingBelow(string part, string? state, params string[] weights) =>
        NothingBelow(RandomCheckpoint.TinyGpt2, part, Tokens(), state, weights);

    /// <summary>The lowest block keeps nothing of its attention if the gradient stops in its MLP; blocks below keep their
    /// outputs.</summary>
    [Fact]
    public void ViT_NamedModules_KeepOnlyWhatTheyNeed()
    {
        using ScratchFolder scratch = new();
        RandomCheckpoint.Write(scratch.File("model"), RandomCheckpoint.TinyViT);
        using HostBackend backend = new(threads: 1);
        using Checkpoint checkpoint = Checkpoint.Open(scratch.File("model"));
        using SupervisedModel model = SupervisedModel.Load(backend, checkpoint);
        Assert.Equal(["output"], Kept(model, "layer.1.intermediate", block: 0));
        Assert.Equal(["middle", "output", "mean2", "rstd2", "pre_activation"], Kept(model, "layer.0.intermediate", block: 0));
        Assert.Contains("qkv", Kept(model, "layer.0.intermediate", block: 1));
        Assert.Contains("qkv", Kept(model, "position_embeddings", block: 0));
    }

    [Fact]
    public void WantsInputGradient_SetAfterAForwardPass_IsComputedByTheNext()
    {
        using ScratchFolder scratch = new();
        RandomCheckpoint.Write(scratch.File("model"), RandomCheckpoint.TinyViT);
        using HostBackend backend = new(threads: 1);
        using Checkpoint checkpoint = Checkpoint.Open(scratch.File("model"));
        using SupervisedModel model = SupervisedModel.Load(backend, checkpoint);
        VisionBackbone backbone = (VisionBackbone)model.Backbone;
        model.ForwardBackward(Images());
        backbone.WantsInputGradient = true;
        model.ForwardBackward(Images());
        Assert.Contains(Bits.Of(backend, backbone.PixelGradient), static value => value != 0);
    }

    private static void Compare(string configuration, string part, Batch batch)
    {
        using ScratchFolder scratch = new();
        RandomCheckpoint.Write(scratch.File("model"), configuration);
        using HostBackend backend = new(threads: 1);
        using Checkpoint checkpoint = Checkpoint.Open(scratch.File("model"));
        using SupervisedModel full = SupervisedModel.Load(backend, checkpoint);
        using SupervisedModel some = SupervisedModel.Load(backend, checkpoint);
        full.RequestGradients(null);
        full.ForwardBackward(batch);
        some.RequestGradients(name => name.Contains(part, StringComparison.Ordinal));
        some.ForwardBackward(batch);
        string[] wanted = [.. some.Backbone.Layout.Parameters.Select(static parameter => parameter.Name)
            .Where(name => name.Contains(part, StringComparison.Ordinal))];
        Assert.NotEmpty(wanted);
        Assert.Equal(wanted, some.Backbone.Gradients.Parameters.Select(static parameter => parameter.Name));
        Assert.Empty(some.Head.Gradients.Parameters);
        foreach (string name in wanted)
        {
            Bits.AssertEqual(name, Bits.Of(backend, full.Backbone.Gradients[name]), Bits.Of(backend, some.Backbone.Gradients[name]));
        }
    }

    private static void NothingBelow(string configuration, string part, Batch batch, string? state, string[] weights)
    {
        using ScratchFolder scratch = new();
        RandomCheckpoint.Write(scratch.File("model"), configuration);
        using HostBackend backend = new(threads: 1);
        using Checkpoint checkpoint = Checkpoint.Open(scratch.File("model"));
        using SupervisedModel model = SupervisedModel.Load(backend, checkpoint);
        Backbone backbone = model.Backbone;
        model.RequestGradients(name => name.Contains(part, StringComparison.Ordinal));
        model.ForwardBackward(batch);
        float[] expected = Bits.Of(backend, backbone.Gradients);
        Assert.Contains(expected, static value => value != 0);

        TensorRef features = backbone.Forward(batch, ForwardMode.Training);
        TensorRef logits = model.Head.Forward(features);
        using Arena arena = backend.CreateArena("logits gradient", Arena.AlignedSize(logits.DType, logits.Shape));
        TensorRef gradient = arena.Allocate("gradient", logits.DType, logits.Shape);
        model.Loss.Compute(logits, batch, gradient);
        if (state is not null)
        {
            backend.Fill(backbone.Activations.Regions.Single(region => region.Name == state), float.NaN);
        }

        foreach (string weight in weights)
        {
            string[] names = [.. backbone.Layout.Parameters.Select(static parameter => parameter.Name)
                .Where(name => name.Contains(weight, StringComparison.Ordinal))];
            Assert.NotEmpty(names);
            Array.ForEach(names, name => backend.Fill(backbone.Parameters[name], float.NaN));
        }

        model.Backward(features, gradient);
        Bits.AssertEqual("gradients", expected, Bits.Of(backend, backbone.Gradients));
        TensorRef[] shared = [.. backbone.Activations.Regions.Where(static region =>
            region.DType == DType.F32 && region.Name!.StartsWith("scratch.", StringComparison.Ordinal))];
        Assert.NotEmpty(shared);
        Assert.DoesNotContain(float.NaN, Bits.Of(backend, shared));
    }

    private static string[] Kept(SupervisedModel model, string part, int block)
    {
        model.RequestGradients(name => name.Contains(part, StringComparison.Ordinal));
        model.Backbone.Forward(Images(), ForwardMode.Training);
        string prefix = $"block.{block}.";
        return [.. model.Backbone.Activations.Regions.Select(static region => region.Name!)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..])];
    }

    private static Batch Images()
    {
        Batch batch = Batch.ForImages(3, 1, 4, 4);
        batch.Count = 3;
        for (int i = 0; i < batch.PixelValues.Length; i++)
        {
            batch.PixelValues[i] = MathF.Sin(i);
        }

        batch.Labels[1] = 2;
        return batch;
    }

    private static Batch Tokens()
    {
        Batch batch = Batch.ForTokens(3, 5);
        batch.Count = 3;
        for (int i = 0; i < batch.InputIds.Length; i++)
        {
            batch.InputIds[i] = (3 * i) % 11;
            batch.AttentionMask[i] = (byte)(i % 5 < 4 || i < 5 ? 1 : 0);
        }

        batch.Labels[1] = 2;
        return batch;
    }
}
