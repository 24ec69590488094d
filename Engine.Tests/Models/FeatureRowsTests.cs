using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>
/// Where features come from one token of a sample, the last block computes that row alone. It gives what the computation of all tokens
/// gives: the same features, and the same gradients as from a feature gradient that is zero for all other tokens.
/// </summary>
public sealed class FeatureRowsTests
{
    private const int Samples = 4;
    private const int Width = 8;

    private const string PaddedGpt2 = """
        {"architectures": ["GPT2ForSequenceClassification"], "model_type": "gpt2", "n_embd": 8, "n_layer": 2, "n_head": 2,
         "vocab_size": 11, "n_positions": 8, "pad_token_id": 10}
        """;

    private const string OneBlockGpt2 = """
        {"architectures": ["GPT2ForSequenceClassification"], "model_type": "gpt2", "n_embd": 8, "n_layer": 1, "n_head": 2,
         "vocab_size": 11, "n_positions": 8, "pad_token_id": 10}
        """;

    private const string Clip = """
        {"architectures": ["CLIPVisionModel"], "model_type": "clip_vision_model", "hidden_size": 8, "num_hidden_layers": 2,
         "num_attention_heads": 2, "intermediate_size": 12, "image_size": 4, "patch_size": 2, "num_channels": 1}
        """;

    private const int Pad = 10;

    [Theory]
    [InlineData("")]
    [InlineData("layer.1.attention")]
    [InlineData("layer.1.attention.attention.query")]
    [InlineData("layer.1.attention.attention.value")]
    [InlineData("layer.1.attention.output")]
    [InlineData("layer.1.layernorm_before")]
    [InlineData("layer.1.layernorm_after")]
    [InlineData("layer.1.intermediate")]
    [InlineData("layer.0.output")]
    [InlineData("position_embeddings")]
    public void ViT_ClassToken_SameAsAllTokens(string wanted) => Compare(
        RandomCheckpoint.TinyViT,
        (backend, configuration, pooling) => VisionBackbone.ViT(backend, ViTConfig.From(configuration), pooling),
        Images(),
        [0, 5, 10, 15],
        wanted);

    [Theory]
    [InlineData("")]
    [InlineData("layers.1.self_attn.k_proj")]
    [InlineData("layers.0.mlp")]
    public void Clip_ClassToken_SameAsAllTokens(string wanted) => Compare(
        Clip,
        (backend, configuration, pooling) => VisionBackbone.Clip(backend, ClipVisionConfig.From(configuration), pooling),
        Images(),
        [0, 5, 10, 15],
        wanted);

    /// <summary>Sample 0 is all real; 1 ends in masked padding; 2 in padding that only its id tells, so that no mask hides the later keys;
    /// 3 begins with masked tokens.</summary>
    [Theory]
    [InlineData(PaddedGpt2, "")]
    [InlineData(PaddedGpt2, "h.1.attn")]
    [InlineData(PaddedGpt2, "h.1.ln_1")]
    [InlineData(PaddedGpt2, "h.1.mlp")]
    [InlineData(PaddedGpt2, "h.0.mlp.c_fc.weight")]
    [InlineData(PaddedGpt2, "wpe")]
    [InlineData(OneBlockGpt2, "")]
    [InlineData(OneBlockGpt2, "attn.c_proj")]
    public void Gpt2_LastToken_SameAsAllTokens(string model, string wanted)
    {
        Batch batch = Tokens(6);
        batch.AttentionMask.AsSpan((1 * 6) + 4, 2).Clear();
        batch.InputIds.AsSpan((2 * 6) + 3, 3).Fill(Pad);
        batch.AttentionMask.AsSpan(3 * 6, 2).Clear();
        Compare(model, Gpt2, batch, [5, 6 + 3, 12 + 2, 18 + 5], wanted);
    }

    [Fact]
    public void Gpt2_SampleWithoutRealToken_SameAsAllTokens()
    {
        Batch batch = Tokens(3);
        batch.AttentionMask.AsSpan(3, 3).Clear();
        Compare(PaddedGpt2, Gpt2, batch, [2, 3, 8, 11], wanted: "");
    }

    [Fact]
    public void Gpt2_OneToken_SameAsAllTokens() => Compare(PaddedGpt2, Gpt2, Tokens(1), [0, 1, 2, 3], wanted: "");

    private static Gpt2Backbone Gpt2(IBackend backend, ModelConfiguration configuration, FeaturePooling pooling) =>
        Gpt2Backbone.Create(
            backend,
            Gpt2Config.From(configuration),
            pooling == FeaturePooling.AllTokens ? FeaturePooling.AllTokens : FeaturePooling.LastToken);

    private static void Compare(
        string model, Func<IBackend, ModelConfiguration, FeaturePooling, Backbone> create, Batch batch, int[] rows, string wanted)
    {
        using ScratchFolder scratch = new();
        RandomCheckpoint.Write(scratch.File("model"), model);
        using Checkpoint checkpoint = Checkpoint.Open(scratch.File("model"));
        foreach (IBackend backend in TestBackends.All())
        {
            using IBackend owned = backend;
            using Backbone some = Loaded(create(backend, checkpoint.Configuration, FeaturePooling.FirstToken), checkpoint, wanted);
            using Backbone all = Loaded(create(backend, checkpoint.Configuration, FeaturePooling.AllTokens), checkpoint, wanted);
            Compare(backend, some, all, batch, rows);
        }
    }

    private static void Compare(IBackend backend, Backbone some, Backbone all, Batch batch, int[] rows)
    {
        double tolerance = TestBackends.Scale(backend, GoldenAssert.Output);
        TensorRef features = some.Forward(batch, ForwardMode.Inference);
        TensorRef everything = all.Forward(batch, ForwardMode.Training);
        double[] expected = Numbers(backend, everything);
        double[] picked = [.. rows.SelectMany(row => expected.AsSpan(row * Width, Width).ToArray())];
        GoldenAssert.Close(backend, "features in inference", picked, features, tolerance);
        GoldenAssert.Close(backend, "features", picked, some.Forward(batch, ForwardMode.Training), tolerance);

        IReadOnlyList<TensorRef> states = all.HiddenStates();
        IReadOnlyList<TensorRef> completed = some.HiddenStates();
        Assert.Equal(states.Count, completed.Count);
        for (int i = 0; i < states.Count; i++)
        {
            GoldenAssert.Close(backend, $"hidden state {i}", Numbers(backend, states[i]), completed[i], tolerance);
        }

        double[] gradient = [.. Enumerable.Range(0, Samples * Width).Select(static i => Math.Sin(i + 1))];
        double[] spread = new double[expected.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            gradient.AsSpan(i * Width, Width).CopyTo(spread.AsSpan(rows[i] * Width));
        }

        // Twice, the second time on top of the first.
        foreach (bool accumulate in new[] { false, true })
        {
            Backward(backend, all, everything.Shape, spread, accumulate);
            Backward(backend, some, features.Shape, gradient, accumulate);
        }

        Assert.NotEmpty(some.Gradients.Parameters);
        foreach (ParameterSpec parameter in some.Gradients.Parameters)
        {
            GoldenAssert.Close(
                backend,
                parameter.Name,
                Numbers(backend, all.Gradients[parameter.Name]),
                some.Gradients[parameter.Name],
                TestBackends.Scale(backend, GoldenAssert.Gradient),
                TestBackends.Scale(backend, GoldenAssert.GradientFloor));
        }
    }

    private static void Backward(IBackend backend, Backbone backbone, Shape shape, double[] gradient, bool accumulate)
    {
        using Arena arena = backend.CreateArena("feature gradient", Arena.AlignedSize(backend.Info.ComputeType, shape));
        TensorRef tensor = arena.Allocate("gradient", backend.Info.ComputeType, shape);
        backend.Upload<double>(gradient, tensor);
        backbone.Backward(tensor, accumulate);
    }

    private static Backbone Loaded(Backbone backbone, Checkpoint checkpoint, string wanted)
    {
        new StoredParameters(checkpoint, backbone.CheckpointPrefixes, backbone.Layout).CopyTo(backbone.Backend, backbone.Parameters);
        backbone.RequestGradients(name => name.Contains(wanted, StringComparison.Ordinal));
        return backbone;
    }

    private static double[] Numbers(IBackend backend, TensorRef tensor)
    {
        double[] values = new double[tensor.ElementCount];
        backend.Download<double>(tensor, values);
        return values;
    }

    private static Batch Images()
    {
        Batch batch = Batch.ForImages(Samples, 1, 4, 4);
        batch.Count = Samples;
        for (int i = 0; i < batch.PixelValues.Length; i++)
        {
            batch.PixelValues[i] = MathF.Sin(i);
        }

        return batch;
    }

    private static Batch Tokens(int tokens)
    {
        Batch batch = Batch.ForTokens(Samples, tokens);
        batch.Count = Samples;
        Array.Fill(batch.AttentionMask, (byte)1);
        for (int i = 0; i < batch.InputIds.Length; i++)
        {
            batch.InputIds[i] = (7 * i) % Pad;
        }

        return batch;
    }
}
