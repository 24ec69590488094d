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

    /// <summary>Everything below block 1 becomes NaN between forward and backward pass: whatever is computed from it is NaN too.</summary>
    [Theory]
    [InlineData("layer.1.intermediate")]
    [InlineData("layer.1.attention")]
    [InlineData("layer.1.layernorm_before")]
    public void ViT_UpperModule_ComputesNothingBelow(string part) => NothingBelow(RandomCheckpoint.TinyViT, part, Images());

    [Theory]
    [InlineData("h.1.mlp")]
    [InlineData("h.1.attn")]
    public void Gpt2_UpperModule_ComputesNothingBelow(string part) => NothingBelow(RandomCheckpoint.TinyGpt2, part, Tokens());

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

    private static void NothingBelow(string configuration, string part, Batch batch)
    {
        using ScratchFolder scratch = new();
        RandomCheckpoint.Write(scratch.File("model"), configuration);
        using HostBackend backend = new(threads: 1);
        using Checkpoint checkpoint = Checkpoint.Open(scratch.File("model"));
        using SupervisedModel model = SupervisedModel.Load(backend, checkpoint);
        model.RequestGradients(name => name.Contains(part, StringComparison.Ordinal));
        model.ForwardBackward(batch);
        float[] expected = Bits.Of(backend, model.Backbone.Gradients);
        Assert.Contains(expected, static value => value != 0);

        TensorRef features = model.Backbone.Forward(batch, ForwardMode.Training);
        TensorRef logits = model.Head.Forward(features);
        using Arena arena = backend.CreateArena("logits gradient", Arena.AlignedSize(logits.DType, logits.Shape));
        TensorRef gradient = arena.Allocate("gradient", logits.DType, logits.Shape);
        model.Loss.Compute(logits, batch, gradient);
        TensorRef[] lowerActivations = [.. model.Backbone.Activations.Regions.Where(static region =>
            region.DType == DType.F32 && region.Name!.StartsWith("block.0.", StringComparison.Ordinal) && region.Name != "block.0.output")];
        TensorRef[] lowerWeights = [.. model.Backbone.Layout.Parameters
            .Where(static parameter => parameter.Name.Contains("layer.0.", StringComparison.Ordinal)
                || parameter.Name.StartsWith("h.0.", StringComparison.Ordinal))
            .Select(parameter => model.Backbone.Parameters[parameter.Name])];
        Assert.NotEmpty(lowerActivations);
        Assert.NotEmpty(lowerWeights);
        foreach (TensorRef tensor in lowerActivations.Concat(lowerWeights))
        {
            backend.Fill(tensor, float.NaN);
        }

        model.Backward(features, gradient);
        Bits.AssertEqual("gradients", expected, Bits.Of(backend, model.Backbone.Gradients));
        TensorRef[] scratchTensors = [.. model.Backbone.Activations.Regions.Where(static region =>
            region.DType == DType.F32 && region.Name!.StartsWith("gradient.", StringComparison.Ordinal))];
        Assert.NotEmpty(scratchTensors);
        Assert.DoesNotContain(float.NaN, Bits.Of(backend, scratchTensors));
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
