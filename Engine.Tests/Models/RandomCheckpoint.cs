using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Tests;

/// <summary>
/// Writes checkpoints of any size with random weights. Models of one seed are a family: the base, and experts that differ from it a little.
/// </summary>
internal static class RandomCheckpoint
{
    public const string TinyViT = """
        {"architectures": ["ViTForImageClassification"], "model_type": "vit", "hidden_size": 8, "num_hidden_layers": 2,
         "num_attention_heads": 2, "intermediate_size": 12, "image_size": 4, "patch_size": 2, "num_channels": 1,
         "hidden_act": "gelu", "id2label": {"0": "a", "1": "b", "2": "c"}, "label2id": {"a": 0, "b": 1, "c": 2}}
        """;

    public const string TinyGpt2 = """
        {"architectures": ["GPT2ForSequenceClassification"], "model_type": "gpt2", "n_embd": 8, "n_layer": 2, "n_head": 2,
         "vocab_size": 11, "n_positions": 8, "id2label": {"0": "a", "1": "b", "2": "c"}, "label2id": {"a": 0, "b": 1, "c": 2}}
        """;

    public const string ClipB32 = """
        {"architectures": ["CLIPVisionModel"], "model_type": "clip_vision_model", "hidden_size": 768, "num_hidden_layers": 12,
         "num_attention_heads": 12, "intermediate_size": 3072, "image_size": 224, "patch_size": 32}
        """;

    public const string ClipL14 = """
        {"architectures": ["CLIPVisionModel"], "model_type": "clip_vision_model", "hidden_size": 1024, "num_hidden_layers": 24,
         "num_attention_heads": 16, "intermediate_size": 4096, "image_size": 224, "patch_size": 14}
        """;

    public const string Gpt2 = """
        {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2"}
        """;

    /// <summary>Writes one model.</summary>
    /// <param name="folder">Created.</param>
    /// <param name="configuration">Text of config.json.</param>
    /// <param name="expert">0 for the base; others differ from it by a tenth of the spread.</param>
    /// <param name="spread">Half the width of the uniform distribution of the weights.</param>
    /// <param name="dtype">Stored.</param>
    public static void Write(string folder, string configuration, int expert = 0, float spread = 0.3f, DType dtype = DType.F32)
    {
        using ScratchFolder scratch = new();
        File.WriteAllText(scratch.File(ModelConfiguration.FileName), configuration);
        ModelConfiguration config = ModelConfiguration.Read(scratch.Path);
        List<(string Name, Shape Shape)> tensors =
        [
            .. ModelLoader.LayoutOf(config).Parameters.Select(parameter => (Prefix(config) + parameter.Name, parameter.Shape)),
            .. Head(config),
        ];
        using NativeBuffer buffer = new("one tensor", tensors.Max(static tensor => tensor.Shape.ElementCount) * sizeof(float));
        CheckpointWriter.Write(
            folder,
            [.. tensors.Select((tensor, i) => new TensorToWrite(
                tensor.Name, new TensorRef(buffer, 0, DType.F32, tensor.Shape, tensor.Name), dtype)
            {
                Prepare = () => Fill(buffer, tensor.Name, tensor.Shape.ElementCount, (ulong)i, expert, spread),
            })],
            new CheckpointWriterOptions { ConfigurationText = configuration });
    }

    private static string Prefix(ModelConfiguration config) => config.Architecture switch
    {
        ModelConfiguration.ViTForImageClassification => "vit.",
        ModelConfiguration.Gpt2LMHeadModel or ModelConfiguration.Gpt2ForSequenceClassification => "transformer.",
        _ => string.Empty,
    };

    private static IEnumerable<(string Name, Shape Shape)> Head(ModelConfiguration config)
    {
        switch (config.Architecture)
        {
            case ModelConfiguration.ViTForImageClassification:
                ViTConfig vit = ViTConfig.From(config);
                return [("classifier.weight", new Shape(vit.NumLabels, vit.HiddenSize)), ("classifier.bias", new Shape(vit.NumLabels))];
            case ModelConfiguration.Gpt2ForSequenceClassification:
                Gpt2Config gpt2 = Gpt2Config.From(config);
                return [("score.weight", new Shape(gpt2.NumLabels, gpt2.HiddenSize))];
            default:
                return [];
        }
    }

    private static unsafe void Fill(NativeBuffer buffer, string name, long count, ulong tensor, int expert, float spread)
    {
        Span<float> values = new(buffer.Address, (int)count);
        bool isGain = name.EndsWith("weight", StringComparison.Ordinal)
            && (name.Contains("norm", StringComparison.Ordinal)
                || name.Contains("ln_", StringComparison.Ordinal));
        ulong own = tensor * 0x9E3779B97F4A7C15;
        ulong difference = own ^ ((ulong)expert * 0xD1B54A32D192ED03);
        for (int i = 0; i < values.Length; i++)
        {
            float value = spread * Uniform(own + (ulong)i);
            value += expert == 0 ? 0 : 0.1f * spread * Uniform(difference + (ulong)i);
            values[i] = (isGain ? 1 : 0) + value;
        }
    }

    /// <summary>-1 to 1, by the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).</summary>
    private static float Uniform(ulong index)
    {
        ulong z = index * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((int)(z >> 32)) * (1f / 2147483648f);
    }
}
