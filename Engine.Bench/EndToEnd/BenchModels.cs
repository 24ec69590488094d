using System;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Bench;

/// <summary>Models with random weights, by name: of real size, and two tiny ones for trying a case out.</summary>
internal static class BenchModels
{
    /// <summary>Names that <see cref="Create"/> takes.</summary>
    public static readonly string[] Names = ["vit-b32", "vit-b16", "vit-l14", "gpt2", "vit-tiny", "gpt2-tiny"];

    private const int TinyWidth = 32;

    /// <summary>The backbone: CLIP's image towers, or GPT-2 124M as a language model.</summary>
    public static Backbone Create(IBackend backend, string name, DType weightType = DType.F32)
    {
        Backbone backbone = Empty(backend, name, weightType: weightType);
        RandomTensors.FillParameters(backend, backbone.Parameters);
        return backbone;
    }

    /// <summary>The backbone with weights of zero.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="pooling">Which tokens GPT-2's features come from.</param>
    /// <param name="weightType">Dtype of the weights of products.</param>
    public static Backbone Empty(
        IBackend backend, string name, FeaturePooling pooling = FeaturePooling.AllTokens, DType weightType = DType.F32) => name switch
    {
        "vit-b32" => VisionBackbone.Clip(backend, new ClipVisionConfig(), weightType: weightType),
        "vit-b16" => VisionBackbone.Clip(backend, new ClipVisionConfig { PatchSize = 16 }, weightType: weightType),
        "vit-l14" => VisionBackbone.Clip(
            backend,
            new ClipVisionConfig
            {
                PatchSize = 14,
                HiddenSize = 1024,
                NumHiddenLayers = 24,
                NumAttentionHeads = 16,
                IntermediateSize = 4096,
                ProjectionDim = 768,
            },
            weightType: weightType),
        "gpt2" => Gpt2Backbone.Create(backend, new Gpt2Config(), pooling, weightType),
        "vit-tiny" => VisionBackbone.Clip(
            backend,
            new ClipVisionConfig
            {
                ImageSize = 32,
                PatchSize = 16,
                HiddenSize = TinyWidth,
                NumHiddenLayers = 2,
                NumAttentionHeads = 2,
                IntermediateSize = 2 * TinyWidth,
                ProjectionDim = TinyWidth,
            },
            weightType: weightType),
        "gpt2-tiny" => Gpt2Backbone.Create(
            backend,
            new Gpt2Config
            {
                VocabSize = 100,
                MaxPositionEmbeddings = 64,
                HiddenSize = TinyWidth,
                NumHiddenLayers = 2,
                NumAttentionHeads = 2,
                IntermediateSize = 2 * TinyWidth,
            },
            pooling,
            weightType),
        _ => throw new ArgumentException($"There is no model '{name}'; expected one of: {string.Join(", ", Names)}."),
    };

    /// <summary>A batch with random content.</summary>
    public static Batch RandomBatch(Backbone backbone, int count, int tokens)
    {
        Random random = new(1);
        if (backbone is VisionBackbone vision)
        {
            Batch images = Batch.ForImages(count, vision.Input.Channels, vision.Input.ImageSize, vision.Input.ImageSize);
            images.Count = count;
            for (int i = 0; i < images.PixelValues.Length; i++)
            {
                images.PixelValues[i] = random.NextSingle() - 0.5f;
            }

            return images;
        }

        int vocabulary = ((Gpt2Backbone)backbone).Config.VocabSize;
        Batch batch = Batch.ForTokens(count, tokens, labelPerToken: true);
        batch.Count = count;
        Array.Fill(batch.AttentionMask, (byte)1);
        for (int i = 0; i < batch.InputIds.Length; i++)
        {
            batch.InputIds[i] = batch.Labels[i] = random.Next(vocabulary);
        }

        return batch;
    }

    /// <summary>Floating-point operations of one forward pass without the head: products and attention, two per multiply-add.</summary>
    public static double ForwardFlops(Backbone backbone, int count, int tokens)
    {
        TransformerGeometry g = backbone.Geometry;
        double blocks = ((g.Layers - 1) * BlockFlops(backbone, tokens, isLast: false)) + BlockFlops(backbone, tokens, isLast: true);
        double patches = backbone is VisionBackbone v ? 2.0 * v.Input.Patches * v.Input.PatchElements * g.Width : 0;
        return count * (blocks + patches);
    }

    /// <summary>Those of one sample in one block; in the last one, one row goes on after keys and values unless all tokens are
    /// features.</summary>
    public static double BlockFlops(Backbone backbone, int tokens, bool isLast)
    {
        TransformerGeometry g = backbone.Geometry;
        double t = TokensOf(backbone, tokens);
        double rows = RowsOf(backbone, tokens, isLast);
        double keysAndValues = 2 * t * 2.0 * g.Width * g.Width;
        double rest = 2 * rows * ((2.0 * g.Width * g.Width) + (2.0 * g.Width * g.Hidden));
        double attention = 4 * rows * t * g.Width * (g.Causal && rows > 1 ? 0.5 : 1);
        return keysAndValues + rest + attention;
    }

    /// <summary>Rows of one sample that go on after a block's keys and values.</summary>
    public static double RowsOf(Backbone backbone, int tokens, bool isLast) =>
        isLast && backbone.Pooling != FeaturePooling.AllTokens ? 1 : TokensOf(backbone, tokens);

    private static double TokensOf(Backbone backbone, int tokens) => backbone is VisionBackbone vision ? vision.Input.Tokens : tokens;
}
