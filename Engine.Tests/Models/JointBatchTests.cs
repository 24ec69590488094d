using System;
using System.Linq;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>Sequences of different length in one batch give every task the loss and the gradient that it has alone.</summary>
public sealed class JointBatchTests
{
    private const string LanguageModel = """
        {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2",
         "n_embd": 8, "n_layer": 2, "n_head": 2, "vocab_size": 11, "n_positions": 8}
        """;

    [Theory]
    [InlineData(RandomCheckpoint.TinyGpt2, 5, 3)]
    [InlineData(RandomCheckpoint.TinyGpt2, 2, 7)]
    [InlineData(LanguageModel, 3, 6)]
    [InlineData(LanguageModel, 6, 3)]
    [InlineData(LanguageModel, 4, 4)]
    public void Gpt2_PaddedJointBatch_SameLossesAndGradientsAsAlone(string configuration, int firstTokens, int secondTokens)
    {
        using ScratchFolder scratch = new();
        RandomCheckpoint.Write(scratch.File("model"), configuration);
        using HostBackend backend = new(threads: 1);
        using Checkpoint checkpoint = Checkpoint.Open(scratch.File("model"));
        using Gpt2Backbone backbone = (Gpt2Backbone)ModelLoader.LoadBackbone(backend, checkpoint);
        bool language = configuration == LanguageModel;
        SupervisedTask[] tasks = [.. new[] { "first", "second" }.Select(name => language
            ? new SupervisedTask(name, new TiedLanguageModelHead(backbone), Objective.LanguageModeling)
            : new SupervisedTask(name, ModelLoader.LoadLinearHead(backend, checkpoint), Objective.Classification))];
        using MultiTaskLoss loss = new(backbone, tasks);
        backbone.RequestGradients(null);
        Batch[] batches = [Tokens(2, firstTokens, language), Tokens(3, secondTokens, language)];

        double[] expectedLosses = new double[2];
        float[] expected = new float[Bits.Of(backend, backbone.Gradients).Length];
        float[] weights = [0.25f, 0.75f];
        for (int t = 0; t < 2; t++)
        {
            loss.ForwardBackward(t, batches[t]);
            expectedLosses[t] = loss.Losses[t];
            float[] gradient = Bits.Of(backend, backbone.Gradients);
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] += weights[t] * gradient[i];
            }
        }

        loss.ForwardBackward(batches, weights);
        GoldenAssert.Close("losses", expectedLosses, loss.Losses, 1e-6);
        GoldenAssert.Close("gradients", Doubles(expected), Doubles(Bits.Of(backend, backbone.Gradients)), 1e-5);
        Array.ForEach(tasks, static task => task.Dispose());
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, static value => (double)value);

    private static Batch Tokens(int count, int tokens, bool language)
    {
        Batch batch = Batch.ForTokens(count, tokens, language);
        batch.Count = count;
        for (int i = 0; i < batch.InputIds.Length; i++)
        {
            batch.InputIds[i] = ((5 * i) + tokens) % 11;
            batch.AttentionMask[i] = 1;
        }

        for (int i = 0; i < batch.Labels.Length; i++)
        {
            batch.Labels[i] = language ? batch.InputIds[i] : i % 3;
        }

        return batch;
    }
}
