using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// Vision transformer (Dosovitskiy et al., arXiv 2010.11929), as ViT for classification and as CLIP's image tower (Radford et al.,
/// arXiv 2103.00020): patches and class token, optional norm, blocks, norm. The feature is the class token [B, C], unless all tokens are
/// asked for.
/// </summary>
public sealed class VisionBackbone : Backbone
{
    private readonly VisionInput _input;
    private readonly VisionEmbedding _embedding;

    private VisionBackbone(IBackend backend, Parts parts, FeaturePooling pooling, DType? weightType)
        : base(backend, parts.Definition, pooling, weightType)
    {
        _input = parts.Input;
        _embedding = parts.Embedding;
        CheckpointPrefixes = parts.Prefixes;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> CheckpointPrefixes { get; }

    /// <summary>Channels, size and patch size of the images.</summary>
    public VisionInput Input => _input;

    /// <summary>After a backward pass with <see cref="Backbone.WantsInputGradient"/>: dL/dpixels [B, channels, height, width].</summary>
    public TensorRef PixelGradient => _embedding.PixelGradient;

    /// <summary>Builds ViT's backbone with weights of zero.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="pooling">The class token for a classifier, all tokens for features of the patches.</param>
    /// <param name="weightType">Dtype of the weights of products; see <see cref="ParameterSet"/>.</param>
    public static VisionBackbone ViT(
        IBackend backend, ViTConfig config, FeaturePooling pooling = FeaturePooling.FirstToken, DType? weightType = null) =>
        new(backend, Define(config), pooling, weightType);

    /// <summary>Builds CLIP's image tower with weights of zero.</summary>
    /// <inheritdoc cref="ViT"/>
    public static VisionBackbone Clip(
        IBackend backend, ClipVisionConfig config, FeaturePooling pooling = FeaturePooling.FirstToken, DType? weightType = null) =>
        new(backend, Define(config), pooling, weightType);

    /// <summary>The parameters of ViT's backbone; allocates none of them.</summary>
    public static ParameterLayout LayoutOf(ViTConfig config) => Define(config).Definition.Layout;

    /// <summary>The parameters of CLIP's image tower; allocates none of them.</summary>
    public static ParameterLayout LayoutOf(ClipVisionConfig config) => Define(config).Definition.Layout;

    internal override int CountTokens(Batch batch)
    {
        if (batch.Channels != _input.Channels || batch.Height != _input.ImageSize || batch.Width != _input.ImageSize)
        {
            throw new DataException(
                $"Images of {batch.Channels} x {batch.Height} x {batch.Width} (channels, height, width) do not fit the model; "
                + $"expected {_input.Channels} x {_input.ImageSize} x {_input.ImageSize}.");
        }

        return _input.Tokens;
    }

    private protected override void DeclareEmbedding(ActivationPlan plan, int batch, int tokens, bool backward) =>
        _embedding.Declare(plan, batch, backward, WantsInputGradient);

    private protected override void DeclareEmbeddingInput(ActivationPlan plan, int batch, int tokens, bool backward) =>
        _embedding.DeclareInput(plan, batch, backward);

    private protected override TensorRef Embed(Batch batch) => _embedding.Forward(Backend, Parameters, batch);

    private protected override bool EmbeddingIsWanted(ParameterSet gradients) => _embedding.IsWanted(gradients);

    private protected override void EmbedBackward(in BackwardPass pass) => _embedding.Backward(pass, WantsInputGradient);

    private static Parts Define(ViTConfig config)
    {
        System.ArgumentNullException.ThrowIfNull(config);
        VisionInput input = new(config.NumChannels, config.ImageSize, config.PatchSize);
        TransformerGeometry geometry = new(
            config.NumHiddenLayers,
            config.HiddenSize,
            config.NumAttentionHeads,
            config.IntermediateSize,
            config.HiddenAct,
            config.LayerNormEps,
            Causal: false);
        return Define(geometry, input, VisionNames.ViT(geometry.Width, input.Tokens), ["vit.", string.Empty]);
    }

    private static Parts Define(ClipVisionConfig config)
    {
        System.ArgumentNullException.ThrowIfNull(config);
        VisionInput input = new(config.NumChannels, config.ImageSize, config.PatchSize);
        TransformerGeometry geometry = new(
            config.NumHiddenLayers,
            config.HiddenSize,
            config.NumAttentionHeads,
            config.IntermediateSize,
            config.HiddenAct,
            config.LayerNormEps,
            Causal: false);
        return Define(geometry, input, VisionNames.Clip(geometry.Width, input.Tokens), [string.Empty]);
    }

    private static Parts Define(TransformerGeometry geometry, VisionInput input, VisionNames names, string[] prefixes)
    {
        LayoutBuilder builder = new(geometry);
        VisionEmbedding embedding = VisionEmbedding.Create(builder, geometry, input, names);
        TransformerBlock[] blocks = new TransformerBlock[geometry.Layers];
        for (int i = 0; i < blocks.Length; i++)
        {
            builder.Block = i;
            blocks[i] = Block(builder, geometry, names, $"{names.Layers}.{i}.");
        }

        builder.Block = ParameterSpec.OutsideBlocks;
        LayerNorm finalNorm = builder.Norm(names.FinalNorm);
        return new Parts(input, new BackboneDefinition(geometry, builder.Layout, blocks, finalNorm), embedding, prefixes);
    }

    private static TransformerBlock Block(LayoutBuilder builder, TransformerGeometry geometry, VisionNames names, string prefix)
    {
        int width = geometry.Width;
        string attention = prefix + names.AttentionModule;
        string mlp = prefix + names.MlpModule;
        return new TransformerBlock(geometry)
        {
            Norm1 = builder.Norm(prefix + names.Norm1),
            QueryKeyValue = new QueryKeyValueLayer(builder.Linear(
                attention, ModuleKind.Attention, width, width, prefix + names.Query, prefix + names.Key, prefix + names.Value)),
            Projection = builder.Linear(attention, ModuleKind.Attention, width, width, prefix + names.Projection),
            Norm2 = builder.Norm(prefix + names.Norm2),
            Expand = builder.Linear(mlp, ModuleKind.Mlp, width, geometry.Hidden, prefix + names.Expand),
            Contract = builder.Linear(mlp, ModuleKind.Mlp, geometry.Hidden, width, prefix + names.Contract),
        };
    }

    private sealed record Parts(VisionInput Input, BackboneDefinition Definition, VisionEmbedding Embedding, string[] Prefixes);
}
