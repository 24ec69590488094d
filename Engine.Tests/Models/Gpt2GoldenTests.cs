using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

[Trait("Category", "Golden")]
public sealed class Gpt2GoldenTests
{
    [Theory]
    [FixtureData("GPT2LMHeadModel", Contains = true)]
    public void LanguageModel_MatchesReference(string name) => TestBackends.ForAll(name, LanguageModel);

    [Theory]
    [FixtureData("GPT2ForSequenceClassification")]
    public void SequenceClassification_MatchesReference(string name) => TestBackends.ForAll(name, SequenceClassification);

    /// <summary>Compares logits, states and gradients of a language model, or the tokens that it generates.</summary>
    internal static void LanguageModel(FixtureFolder fixture, IBackend backend)
    {
        if (fixture.Kind.Contains("greedy", StringComparison.Ordinal))
        {
            Greedy(fixture, backend);
            return;
        }

        IEnumerable<string> cases = fixture.Meta.TryGetProperty("cases", out JsonElement listed)
            ? listed.EnumerateObject().Select(static item => item.Name)
            : ["expected.safetensors"];
        foreach (string file in cases)
        {
            LanguageModelCase(fixture, file, backend);
        }
    }

    /// <summary>Compares a classifier, or a regression.</summary>
    internal static void SequenceClassification(FixtureFolder fixture, IBackend backend)
    {
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        using Checkpoint checkpoint = Checkpoint.Open(fixture.Path);
        using SupervisedModel model = SupervisedModel.Load(backend, checkpoint);
        model.RequestGradients(null);
        Batch batch = FixtureBatch.Tokens(expected);
        double loss = model.ForwardBackward(batch);
        double output = TestBackends.Scale(backend, GoldenAssert.Output);
        GoldenAssert.Close("loss", expected.ReadDoubles("loss")[0], loss, TestBackends.Scale(backend, GoldenAssert.Loss));
        GoldenAssert.Close(backend, "logits", expected.ReadDoubles("logits"), model.Head.Logits, output);
        HiddenStates(backend, expected, model.Backbone, output);
        Gradients(backend, expected, model);
        TokenLogits(backend, fixture, expected, batch, output);
    }

    /// <summary>The score at every position: the same head on the features of all tokens.</summary>
    private static void TokenLogits(IBackend backend, FixtureFolder fixture, SafetensorsFile expected, Batch batch, double tolerance)
    {
        using Checkpoint checkpoint = Checkpoint.Open(fixture.Path);
        using Gpt2Backbone backbone = Gpt2Backbone.Create(backend, Gpt2Config.From(checkpoint.Configuration), FeaturePooling.AllTokens);
        new StoredParameters(checkpoint, backbone.CheckpointPrefixes, backbone.Layout).CopyTo(backend, backbone.Parameters);
        using LinearHead head = ModelLoader.LoadLinearHead(backend, checkpoint);
        TensorRef logits = head.Forward(backbone.Forward(batch, ForwardMode.Inference));
        GoldenAssert.Close(backend, "token_logits", expected.ReadDoubles("token_logits"), logits, tolerance);
    }

    private static void LanguageModelCase(FixtureFolder fixture, string file, IBackend backend)
    {
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File(file));
        using Checkpoint checkpoint = Checkpoint.Open(fixture.Path);
        using SupervisedModel model = SupervisedModel.Load(backend, checkpoint);
        double output = TestBackends.Scale(backend, GoldenAssert.Output);
        model.RequestGradients(null);
        Batch batch = FixtureBatch.Tokens(expected);
        double loss = expected.Contains("probe") ? ProbedLoss(model, batch, expected) : model.ForwardBackward(batch);
        GoldenAssert.Close("loss", expected.ReadDoubles("loss")[0], loss, TestBackends.Scale(backend, GoldenAssert.Loss));
        GoldenAssert.Close(backend, "logits", expected.ReadDoubles("logits"), model.Head.Logits, output);
        HiddenStates(backend, expected, model.Backbone, output);
        Gradients(backend, expected, model);
    }

    /// <summary>loss = sum(logits * probe), whose gradient is the probe.</summary>
    private static double ProbedLoss(SupervisedModel model, Batch batch, SafetensorsFile expected)
    {
        IBackend backend = model.Backbone.Backend;
        double[] probe = expected.ReadDoubles("probe");
        TensorRef features = model.Backbone.Forward(batch, ForwardMode.Training);
        TensorRef logits = model.Head.Forward(features);
        double[] values = new double[probe.Length];
        backend.Download<double>(logits, values);
        using Arena arena = backend.CreateArena("probe", Arena.AlignedSize(logits.DType, logits.Shape));
        TensorRef gradient = arena.Allocate("probe", logits.DType, logits.Shape);
        backend.Upload<double>(probe, gradient);
        model.Backward(features, gradient);
        return probe.Zip(values, static (p, v) => p * v).Sum();
    }

    private static void HiddenStates(IBackend backend, SafetensorsFile expected, Backbone backbone, double tolerance)
    {
        IReadOnlyList<TensorRef> states = backbone.HiddenStates();
        int last = states.Count - 1;
        for (int i = 0; i < states.Count; i++)
        {
            if (i < last && expected.Contains($"hidden_states.{i}"))
            {
                GoldenAssert.Close(backend, $"hidden_states.{i}", expected.ReadDoubles($"hidden_states.{i}"), states[i], tolerance);
            }

            if (i > 0 && expected.Contains($"block_out.{i - 1}"))
            {
                GoldenAssert.Close(backend, $"block_out.{i - 1}", expected.ReadDoubles($"block_out.{i - 1}"), states[i], tolerance);
            }
        }

        if (expected.Contains($"hidden_states.{last}"))
        {
            using Arena arena = backend.CreateArena("normed", Arena.AlignedSize(states[last].DType, states[last].Shape));
            TensorRef normed = arena.Allocate("normed", states[last].DType, states[last].Shape);
            backbone.Normalize(states[last], normed);
            GoldenAssert.Close(backend, $"hidden_states.{last}", expected.ReadDoubles($"hidden_states.{last}"), normed, tolerance);
        }
    }

    private static void Gradients(IBackend backend, SafetensorsFile expected, SupervisedModel model)
    {
        Dictionary<string, TensorRef> gradients = model.NamedGradients().ToDictionary(
            static pair => "grad." + pair.Key, static pair => pair.Value);
        foreach (TensorEntry entry in expected.Entries.Where(static entry => entry.Name.StartsWith("grad.", StringComparison.Ordinal)))
        {
            // Where the fixture rounded to float32, so is the bound.
            double tolerance = entry.DType == DType.F64 ? TestBackends.Scale(backend, GoldenAssert.Gradient) : GoldenAssert.Gradient;
            double floor = TestBackends.Scale(backend, GoldenAssert.GradientFloor);
            GoldenAssert.Close(backend, entry.Name, expected.ReadDoubles(entry.Name), gradients[entry.Name], tolerance, floor);
        }
    }

    private static void Greedy(FixtureFolder fixture, IBackend backend)
    {
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        int[] prompt = [.. expected.ReadInt64s("prompt_ids").Select(static id => (int)id)];
        long[] newIds = expected.ReadInt64s("new_ids");
        double[] stepLogits = expected.ReadDoubles("step_logits");
        int vocabulary = stepLogits.Length / newIds.Length;
        using Checkpoint checkpoint = Checkpoint.Open(fixture.Path);
        using Gpt2Backbone backbone = (Gpt2Backbone)ModelLoader.LoadBackbone(backend, checkpoint);
        using Gpt2Generator generator = new(backbone);
        int next = generator.Append(prompt);
        for (int i = 0; i < newIds.Length; i++)
        {
            Assert.Equal(newIds[i], next);
            double[] row = stepLogits.AsSpan(i * vocabulary, vocabulary).ToArray();
            GoldenAssert.Close(backend, $"step_logits {i}", row, generator.Logits, TestBackends.Scale(backend, GoldenAssert.Output));
            next = generator.Append([next]);
        }
    }
}
