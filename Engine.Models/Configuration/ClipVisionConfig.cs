using System;
using System.Text.Json;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>The sizes and options of CLIP's image encoder (Hugging Face "CLIPVisionConfig", with its defaults).</summary>
public sealed record ClipVisionConfig
{
    /// <summary>Width C of the residual stream.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>Number of blocks L.</summary>
    public int NumHiddenLayers { get; init; } = 12;

    /// <summary>Number of attention heads H.</summary>
    public int NumAttentionHeads { get; init; } = 12;

    /// <summary>Width of the MLP's hidden layer.</summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>Width of the space shared with text.</summary>
    public int ProjectionDim { get; init; } = 512;

    /// <summary>The MLP's non-linearity.</summary>
    public Activation HiddenAct { get; init; } = Activation.QuickGelu;

    /// <summary>Epsilon of the layer norms.</summary>
    public float LayerNormEps { get; init; } = 1e-5f;

    /// <summary>Side of the square image in pixels.</summary>
    public int ImageSize { get; init; } = 224;

    /// <summary>Side of a square patch in pixels.</summary>
    public int PatchSize { get; init; } = 32;

    /// <summary>Channels of the image.</summary>
    public int NumChannels { get; init; } = 3;

    /// <summary>Patches of an image.</summary>
    public int NumPatches => ImageSize / PatchSize * (ImageSize / PatchSize);

    /// <summary>Patches and the class token.</summary>
    public int SequenceLength => NumPatches + 1;

    /// <summary>Width of one attention head.</summary>
    public int HeadSize => HiddenSize / NumAttentionHeads;

    /// <summary>Reads a config.json of the image encoder, or of a whole CLIP model.</summary>
    /// <param name="path">The file, or the folder that holds it.</param>
    /// <exception cref="DataException">A field has a wrong kind, or a value that is not supported.</exception>
    public static ClipVisionConfig Read(string path) => From(ModelConfiguration.Read(path));

    /// <summary>Takes the fields from a config.json that was read: from "vision_config" where there is one.</summary>
    /// <inheritdoc cref="Read"/>
    public static ClipVisionConfig From(ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ConfigurationFields outer = new(configuration.Path, configuration.Root);
        ConfigurationFields fields = outer;
        int projection = 512;
        if (configuration.Root.TryGetProperty("vision_config", out JsonElement nested) && nested.ValueKind != JsonValueKind.Null)
        {
            if (nested.ValueKind != JsonValueKind.Object)
            {
                throw outer.Wrong("vision_config", nested, "an object");
            }

            fields = new ConfigurationFields(configuration.Path, nested, "vision_config.");
            projection = fields.PositiveInt32("projection_dim", projection);
        }

        ClipVisionConfig config = new()
        {
            HiddenSize = fields.PositiveInt32("hidden_size", 768),
            NumHiddenLayers = fields.PositiveInt32("num_hidden_layers", 12),
            NumAttentionHeads = fields.PositiveInt32("num_attention_heads", 12),
            IntermediateSize = fields.PositiveInt32("intermediate_size", 3072),
            // The whole model's field is the one that counts: the encoder's own copy is often left at its default.
            ProjectionDim = outer.PositiveInt32("projection_dim", projection),
            HiddenAct = fields.ActivationOf("hidden_act", "quick_gelu"),
            LayerNormEps = fields.PositiveSingle("layer_norm_eps", 1e-5),
            ImageSize = fields.Side("image_size", 224),
            PatchSize = fields.Side("patch_size", 32),
            NumChannels = fields.PositiveInt32("num_channels", 3),
        };
        fields.RequireDivisible("hidden_size", config.HiddenSize, "num_attention_heads", config.NumAttentionHeads);
        fields.RequireDivisible("image_size", config.ImageSize, "patch_size", config.PatchSize);
        return config;
    }
}
