using System;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Tests;

/// <summary>A language model with GPT-2's vocabulary whose other sizes are tiny, and three texts: the logits are what is large.</summary>
internal sealed class VocabularySample : IDisposable
{
    public const int Texts = 3;

    public VocabularySample(IBackend backend, int tokens)
    {
        Gpt2Config config = new()
        {
            MaxPositionEmbeddings = 128,
            HiddenSize = 8,
            NumHiddenLayers = 2,
            NumAttentionHeads = 2,
            IntermediateSize = 16,
        };
        Backbone = Gpt2Backbone.Create(backend, config, FeaturePooling.AllTokens);
        ParameterInitializer.Fill(backend, Backbone.Parameters, seed: 5, deviation: 0.3);
        Batch = Batch.ForTokens(Texts, tokens, labelPerToken: true);
        Batch.Count = Texts;
        for (int i = 0; i < Batch.InputIds.Length; i++)
        {
            Batch.InputIds[i] = i * 397 % config.VocabSize;
            Batch.Labels[i] = Batch.InputIds[i];
            Batch.AttentionMask[i] = 1;
        }

        Task = new SupervisedTask("text", new TiedLanguageModelHead(Backbone), Objective.LanguageModeling, new OneBatchDataset(Batch));
    }

    public Gpt2Backbone Backbone { get; }

    public SupervisedTask Task { get; }

    public Batch Batch { get; }

    public void Dispose()
    {
        Task.Dispose();
        Backbone.Dispose();
    }
}
