using System;
using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>The sizes and options of a vision transformer for image classification (Hugging Face "ViTConfig", with its defaults).</summary>
public sealed record ViTConfig
{
    /// <summary>Width C of the residual stream.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>Number of blocks L.</summary>
    public int NumHiddenLayers { get; init; } = 12;

    /// <summary>Number of attention heads H.</summary>
    public int NumAttentionHeads { get; init; } = 12;

    /// <summary>Width of the MLP's hidden layer.</summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>The MLP's non-linearity.</summary>
    public Activation HiddenAct { get; init; } = Activation.GeluErf;

    /// <summary>Epsilon of the layer norms.</summary>
    public float LayerNormEps { get; init; } = 1e-12f;

    /// <summary>Side of the square image in pixels.</summary>
    public int ImageSize { get; init; } = 224;

    /// <summary>Side of a square patch in pixels.</summary>
    public int PatchSize { get; init; } = 16;

    /// <summary>Channels of the image.</summary>
    public int NumChannels { get; init; } = 3;

    /// <summary>Whether query, key and value projections have a bias.</summary>
    public bool QkvBias { get; init; } = true;

    /// <summary>Names of the classes in the order of their numbers.</summary>
    public IReadOnlyList<string> Labels { get; init; } = ["LABEL_0", "LABEL_1"];

    /// <summary>The loss.</summary>
    public ProblemType ProblemType { get; init; }

    /// <summary>Number of classes.</summary>
    public int NumLabels => Labels.Count;

    /// <summary>Patches of an image.</summary>
    public int NumPatches => ImageSize / PatchSize * (ImageSize / PatchSize);

    /// <summary>Patches and the class token.</summary>
    public int SequenceLength => NumPatches + 1;

    /// <summary>Width of one attention head.</summary>
    public int HeadSize => HiddenSize / NumAttentionHeads;

    /// <summary>Reads a config.json.</summary>
    /// <param name="path">The file, or the folder that holds it.</param>
    /// <exception cref="DataException">A field has a wrong kind, or a value that is not supported.</exception>
    public static ViTConfig Read(string path) => From(ModelConfiguration.Read(path));

    /// <summary>Takes the fields from a config.json that was read.</summary>
    /// <inheritdoc cref="Read"/>
    public static ViTConfig From(ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ConfigurationFields fields = new(configuration.Path, configuration.Root);
        ViTConfig config = new()
        {
            HiddenSize = fields.PositiveInt32("hidden_size", 768),
            NumHiddenLayers = fields.PositiveInt32("num_hidden_layers", 12),
            NumAttentionHeads = fields.PositiveInt32("num_attention_heads", 12),
            IntermediateSize = fields.PositiveInt32("intermediate_size", 3072),
            HiddenAct = fields.ActivationOf("hidden_act", "gelu"),
            LayerNormEps = fields.PositiveSingle("layer_norm_eps", 1e-12),
            ImageSize = fields.Side("image_size", 224),
            PatchSize = fields.Side("patch_size", 16),
            NumChannels = fields.PositiveInt32("num_channels", 3),
            QkvBias = fields.Flag("qkv_bias", true),
            Labels = fields.Labels(),
            ProblemType = fields.ProblemTypeOf("problem_type"),
        };
        fields.RequireDivisible("hidden_size", config.HiddenSize, "num_attention_heads", config.NumAttentionHeads);
        fields.RequireDivisible("image_size", config.ImageSize, "patch_size", config.PatchSize);
        return config;
    }
}
