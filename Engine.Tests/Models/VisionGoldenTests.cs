using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

[Trait("Category", "Golden")]
public sealed class VisionGoldenTests
{
    [Theory]
    [FixtureData("ViTForImageClassification")]
    public void ViT_MatchesReference(string name) => TestBackends.ForAll(name, ViT);

    [Theory]
    [FixtureData("CLIPVisionModelWithProjection", Contains = true)]
    public void Clip_MatchesReference(string name) => TestBackends.ForAll(name, Clip);

    /// <summary>Compares logits, states and gradients of an image classifier.</summary>
    internal static void ViT(FixtureFolder fixture, IBackend backend)
    {
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        using Checkpoint checkpoint = Checkpoint.Open(fixture.Path);
        using SupervisedModel model = SupervisedModel.Load(backend, checkpoint);
        VisionBackbone backbone = (VisionBackbone)model.Backbone;
        backbone.WantsInputGradient = true;
        model.RequestGradients(null);
        double loss = model.ForwardBackward(FixtureBatch.Images(expected));
        double output = TestBackends.Scale(backend, GoldenAssert.Output);
        GoldenAssert.Close("loss", expected.ReadDoubles("loss")[0], loss, TestBackends.Scale(backend, GoldenAssert.Loss));
        GoldenAssert.Close(backend, "logits", expected.ReadDoubles("logits"), model.Head.Logits, output);
        HiddenStates(backend, expected, backbone, output);
        LastHiddenState(backend, expected, backbone, output);
        Gradients(backend, expected, "grad.", model.NamedGradients());
        Gradient(backend, expected, "grad_input.pixel_values", backbone.PixelGradient);
    }

    /// <summary>Compares a zero-shot classifier and the model without its head.</summary>
    internal static void Clip(FixtureFolder fixture, IBackend backend)
    {
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        using Checkpoint checkpoint = Checkpoint.Open(fixture.Path);
        VisionBackbone backbone = (VisionBackbone)ModelLoader.LoadBackbone(backend, checkpoint);
        ZeroShotHead head = ModelLoader.LoadZeroShotHead(backend, checkpoint, expected);
        using SupervisedModel model = new(backbone, head, Objective.Classification);
        backbone.WantsInputGradient = true;
        model.RequestGradients(null);
        double loss = model.ForwardBackward(FixtureBatch.Images(expected));
        double output = TestBackends.Scale(backend, GoldenAssert.Output);
        GoldenAssert.Close("loss", expected.ReadDoubles("loss")[0], loss, TestBackends.Scale(backend, GoldenAssert.Loss));
        GoldenAssert.Close(backend, "logits", expected.ReadDoubles("logits"), head.Logits, output);
        GoldenAssert.Close(backend, "image_embeds", expected.ReadDoubles("image_embeds"), head.Embeddings, output);
        GoldenAssert.Close(
            backend, "image_embeds_normalized", expected.ReadDoubles("image_embeds_normalized"), head.NormalizedEmbeddings, output);
        HiddenStates(backend, expected, backbone, output);
        GoldenAssert.Close(
            backend, "last_hidden_state", expected.ReadDoubles("last_hidden_state"), backbone.HiddenStates()[^1], output);
        Gradients(backend, expected, "grad.", model.NamedGradients());
        Gradient(backend, expected, "grad_input.pixel_values", backbone.PixelGradient);
        Gradient(backend, expected, "grad_head.text_embeds", head.Gradients["text_embeds"]);
        Gradient(backend, expected, "grad_head.logit_scale", head.Gradients["logit_scale"]);
        PooledOutput(backend, expected, backbone, output);
    }

    /// <summary>Plain CLIPVisionModel: loss = sum(pooler_output * probe).</summary>
    private static void PooledOutput(IBackend backend, SafetensorsFile expected, VisionBackbone backbone, double tolerance)
    {
        TensorRef features = backbone.Forward(FixtureBatch.Images(expected), ForwardMode.Training);
        GoldenAssert.Close(backend, "pooler_output", expected.ReadDoubles("pooler_output"), features, tolerance);
        using Arena arena = backend.CreateArena("probe", Arena.AlignedSize(features.DType, features.Shape));
        TensorRef probe = arena.Allocate("probe", features.DType, features.Shape);
        backend.Upload<double>(expected.ReadDoubles("probe_pooled.probe"), probe);
        backbone.Backward(probe);
        Gradients(
            backend,
            expected,
            "probe_pooled.grad.",
            backbone.Gradients.Parameters.Select(spec => KeyValuePair.Create(spec.Name, backbone.Gradients[spec.Name])));
    }

    private static void HiddenStates(IBackend backend, SafetensorsFile expected, Backbone backbone, double tolerance)
    {
        IReadOnlyList<TensorRef> states = backbone.HiddenStates();
        for (int i = 0; i < states.Count; i++)
        {
            string name = $"hidden_states.{i}";
            GoldenAssert.Close(backend, name, expected.ReadDoubles(name), states[i], tolerance);
        }
    }

    private static void LastHiddenState(IBackend backend, SafetensorsFile expected, Backbone backbone, double tolerance)
    {
        TensorRef last = backbone.HiddenStates()[^1];
        using Arena arena = backend.CreateArena("normed", Arena.AlignedSize(last.DType, last.Shape));
        TensorRef normed = arena.Allocate("normed", last.DType, last.Shape);
        backbone.Normalize(last, normed);
        GoldenAssert.Close(backend, "last_hidden_state", expected.ReadDoubles("last_hidden_state"), normed, tolerance);
    }

    private static void Gradients(
        IBackend backend, SafetensorsFile expected, string prefix, IEnumerable<KeyValuePair<string, TensorRef>> gradients)
    {
        Dictionary<string, TensorRef> byName = gradients.ToDictionary(pair => prefix + pair.Key, static pair => pair.Value);
        foreach (TensorEntry entry in expected.Entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            Gradient(backend, expected, entry.Name, byName[entry.Name]);
        }
    }

    private static void Gradient(IBackend backend, SafetensorsFile expected, string name, TensorRef actual)
    {
        // Where the fixture rounded to float32, so is the bound.
        double tolerance = expected[name].DType == DType.F64 ? TestBackends.Scale(backend, GoldenAssert.Gradient) : GoldenAssert.Gradient;
        double floor = TestBackends.Scale(backend, GoldenAssert.GradientFloor);
        GoldenAssert.Close(backend, name, expected.ReadDoubles(name), actual, tolerance, floor);
    }
}
