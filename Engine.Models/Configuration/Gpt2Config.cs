using System;
using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// The sizes and options of GPT-2 (Hugging Face "GPT2Config", with its defaults), under the names that the other models use:
/// n_embd is <see cref="HiddenSize"/>, n_layer <see cref="NumHiddenLayers"/>, n_head <see cref="NumAttentionHeads"/>,
/// n_positions <see cref="MaxPositionEmbeddings"/>, n_inner <see cref="IntermediateSize"/>.
/// </summary>
public sealed record Gpt2Config
{
    /// <summary>Number of tokens V in the vocabulary.</summary>
    public int VocabSize { get; init; } = 50257;

    /// <summary>Longest sequence, "n_positions".</summary>
    public int MaxPositionEmbeddings { get; init; } = 1024;

    /// <summary>Width C of the residual stream, "n_embd".</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>Number of blocks L, "n_layer".</summary>
    public int NumHiddenLayers { get; init; } = 12;

    /// <summary>Number of attention heads H, "n_head".</summary>
    public int NumAttentionHeads { get; init; } = 12;

    /// <summary>Width of the MLP's hidden layer, "n_inner"; null in the file means 4 C.</summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>The MLP's non-linearity, "activation_function".</summary>
    public Activation ActivationFunction { get; init; } = Activation.GeluTanh;

    /// <summary>Epsilon of the layer norms.</summary>
    public float LayerNormEpsilon { get; init; } = 1e-5f;

    /// <summary>Whether the language-modelling head is the token embedding.</summary>
    public bool TieWordEmbeddings { get; init; } = true;

    /// <summary>The token that pads sequences; null if there is none.</summary>
    public int? PadTokenId { get; init; }

    /// <summary>The token that ends a text; null if there is none.</summary>
    public int? EosTokenId { get; init; } = 50256;

    /// <summary>Names of the classes in the order of their numbers (sequence classification only).</summary>
    public IReadOnlyList<string> Labels { get; init; } = ["LABEL_0", "LABEL_1"];

    /// <summary>The loss of sequence classification.</summary>
    public ProblemType ProblemType { get; init; }

    /// <summary>Number of classes.</summary>
    public int NumLabels => Labels.Count;

    /// <summary>Width of one attention head.</summary>
    public int HeadSize => HiddenSize / NumAttentionHeads;

    /// <summary>Reads a config.json.</summary>
    /// <param name="path">The file, or the folder that holds it.</param>
    /// <exception cref="DataException">A field has a wrong kind, or a value that is not supported.</exception>
    public static Gpt2Config Read(string path) => From(ModelConfiguration.Read(path));

    /// <summary>Takes the fields from a config.json that was read.</summary>
    /// <inheritdoc cref="Read"/>
    public static Gpt2Config From(ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ConfigurationFields fields = new(configuration.Path, configuration.Root);
        fields.RequireFlag("scale_attn_weights", true);
        fields.RequireFlag("scale_attn_by_inverse_layer_idx", false);
        fields.RequireFlag("reorder_and_upcast_attn", false);
        fields.RequireFlag("add_cross_attention", false);
        int hiddenSize = fields.PositiveInt32("n_embd", 768);
        Gpt2Config config = new()
        {
            VocabSize = fields.PositiveInt32("vocab_size", 50257),
            MaxPositionEmbeddings = fields.PositiveInt32("n_positions", 1024),
            HiddenSize = hiddenSize,
            NumHiddenLayers = fields.PositiveInt32("n_layer", 12),
            NumAttentionHeads = fields.PositiveInt32("n_head", 12),
            IntermediateSize = fields.PositiveInt32("n_inner", 4 * hiddenSize),
            ActivationFunction = fields.ActivationOf("activation_function", "gelu_new"),
            LayerNormEpsilon = fields.PositiveSingle("layer_norm_epsilon", 1e-5),
            TieWordEmbeddings = fields.Flag("tie_word_embeddings", true),
            PadTokenId = fields.OptionalIndex("pad_token_id"),
            EosTokenId = fields.OptionalIndex("eos_token_id", 50256),
            Labels = fields.Labels(),
            ProblemType = fields.ProblemTypeOf("problem_type"),
        };
        fields.RequireDivisible("n_embd", config.HiddenSize, "n_head", config.NumAttentionHeads);
        fields.RequireBelow("pad_token_id", config.PadTokenId, "vocab_size", config.VocabSize);
        return config;
    }
}
