using System;
using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// GPT-2 (Radford et al. 2019) without its head: token and position embeddings, causal blocks, final norm.
/// Dimensions: B sequences, T tokens, C width, V vocabulary, P positions.
/// </summary>
public sealed class Gpt2Backbone : Backbone
{
    private readonly Gpt2Config _config;
    private readonly TransformerBlock[] _blocks;
    private readonly int _tokenTable;
    private readonly int _positionTable;
    private TensorRef _ids;
    private TensorRef _keyMask;
    private TensorRef _featureKeyMask;
    private TensorRef _embedded;
    private byte[] _featureMask = [];
    private bool _masked;

    private Gpt2Backbone(IBackend backend, Gpt2Config config, FeaturePooling pooling, Parts parts, DType? weightType)
        : base(backend, parts.Definition, pooling, weightType)
    {
        _config = config;
        _blocks = parts.Definition.Blocks;
        _tokenTable = parts.TokenTable;
        _positionTable = parts.PositionTable;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> CheckpointPrefixes { get; } = ["transformer.", string.Empty];

    /// <summary>The configuration.</summary>
    public Gpt2Config Config => _config;

    /// <summary>Token embeddings [V, C]; also the weight of a tied language-model head.</summary>
    public TensorRef TokenTable => Parameters.Slot(_tokenTable);

    /// <summary>Gradient of <see cref="TokenTable"/>; "no tensor" if it was not asked for.</summary>
    public TensorRef TokenTableGradient => Gradients.Slot(_tokenTable);

    private protected override TensorRef KeyMask => _masked ? _keyMask : default;

    private protected override TensorRef FeatureKeyMask => _featureKeyMask;

    /// <summary>
    /// True if a tied head has written <see cref="TokenTableGradient"/> since the last forward pass: further rows, further heads and
    /// the embedding add to it.
    /// </summary>
    internal bool HeadWroteTokenTableGradient { get; set; }

    /// <summary>The blocks, for <see cref="Gpt2Generator"/>.</summary>
    internal IReadOnlyList<TransformerBlock> Blocks => _blocks;

    /// <summary>Position embeddings [P, C].</summary>
    internal TensorRef PositionTable => Parameters.Slot(_positionTable);

    /// <summary>Builds the backbone with weights of zero.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="pooling">All tokens for a language model, the last one for classification.</param>
    /// <param name="weightType">Dtype of the weights of products; see <see cref="ParameterSet"/>.</param>
    public static Gpt2Backbone Create(IBackend backend, Gpt2Config config, FeaturePooling pooling, DType? weightType = null) =>
        new(backend, config, pooling, Define(config), weightType);

    /// <summary>The backbone's parameters; allocates none of them.</summary>
    public static ParameterLayout LayoutOf(Gpt2Config config) => Define(config).Definition.Layout;

    /// <summary>The last token that is neither masked nor the padding id: Hugging Face's rule, and the mask's.</summary>
    private protected override int LastToken(Batch batch, int sample, int tokens)
    {
        int first = sample * tokens;
        for (int t = tokens - 1; t > 0; t--)
        {
            if (batch.AttentionMask[first + t] != 0 && batch.InputIds[first + t] != _config.PadTokenId)
            {
                return t;
            }
        }

        return 0;
    }

    internal override int CountTokens(Batch batch)
    {
        if (batch.Tokens < 1 || batch.Tokens > _config.MaxPositionEmbeddings)
        {
            throw new DataException(
                $"Sequences of {batch.Tokens} tokens do not fit the model; expected 1 to {_config.MaxPositionEmbeddings}.");
        }

        foreach (int id in batch.InputIds.AsSpan(0, batch.Count * batch.Tokens))
        {
            if ((uint)id >= (uint)_config.VocabSize)
            {
                throw new DataException($"input_ids holds {id}; expected 0 to {_config.VocabSize - 1}.");
            }
        }

        return batch.Tokens;
    }

    private protected override void DeclareEmbedding(ActivationPlan plan, int batch, int tokens, bool backward)
    {
        Shape shape = new(batch, tokens);
        _ids = plan.Add("input_ids", DType.I32, shape);
        _keyMask = plan.Add("attention_mask", DType.U8, shape);
        _featureKeyMask = Pooling == FeaturePooling.LastToken ? plan.Add("attention_mask.features", DType.U8, shape) : default;
        _embedded = plan.Add("embedded", batch * tokens, Geometry.Width);
    }

    private protected override TensorRef Embed(Batch batch)
    {
        HeadWroteTokenTableGradient = false;
        int elements = batch.Count * batch.Tokens;
        Backend.Upload<int>(batch.InputIds.AsSpan(0, elements), _ids);
        ReadOnlySpan<byte> mask = batch.AttentionMask.AsSpan(0, elements);
        _masked = mask.Contains((byte)0);
        if (_masked)
        {
            Backend.Upload(mask, _keyMask);
        }

        if (Pooling == FeaturePooling.LastToken)
        {
            UploadFeatureKeyMask(batch, mask);
        }

        Backend.EmbedTokens(_ids, TokenTable, PositionTable, 0, _embedded);
        return _embedded;
    }

    private protected override bool EmbeddingIsWanted(ParameterSet gradients) =>
        !gradients.Slot(_tokenTable).IsNone || !gradients.Slot(_positionTable).IsNone;

    private protected override void EmbedBackward(in BackwardPass pass) =>
        Backend.EmbedTokensBackward(
            _ids,
            pass.Scratch.Stream,
            pass.Gradients.Slot(_tokenTable),
            pass.Gradients.Slot(_positionTable),
            pass.Accumulate || HeadWroteTokenTableGradient,
            pass.Accumulate);

    /// <summary>The token that becomes a feature may be followed by padding: like every causal query, it sees the keys up to its
    /// own.</summary>
    private void UploadFeatureKeyMask(Batch batch, ReadOnlySpan<byte> mask)
    {
        if (_featureMask.Length < mask.Length)
        {
            _featureMask = new byte[mask.Length];
        }

        Span<byte> visible = _featureMask.AsSpan(0, mask.Length);
        mask.CopyTo(visible);
        for (int i = 0; i < batch.Count; i++)
        {
            visible.Slice(i * batch.Tokens, batch.Tokens)[(LastToken(batch, i, batch.Tokens) + 1)..].Clear();
        }

        Backend.Upload<byte>(visible, _featureKeyMask);
    }

    private static Parts Define(Gpt2Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        TransformerGeometry geometry = new(
            config.NumHiddenLayers,
            config.HiddenSize,
            config.NumAttentionHeads,
            config.IntermediateSize,
            config.ActivationFunction,
            config.LayerNormEpsilon,
            Causal: true);
        LayoutBuilder builder = new(geometry);
        int tokenTable = builder.Weight("wte.weight", new Shape(config.VocabSize, config.HiddenSize), "wte", ModuleKind.Embedding);
        int positionTable = builder.Parameter(
            "wpe.weight", new Shape(config.MaxPositionEmbeddings, config.HiddenSize), "wpe", ModuleKind.Embedding, ChannelAxis.Row);
        TransformerBlock[] blocks = new TransformerBlock[config.NumHiddenLayers];
        for (int i = 0; i < blocks.Length; i++)
        {
            builder.Block = i;
            blocks[i] = Block(builder, geometry, $"h.{i}.");
        }

        builder.Block = ParameterSpec.OutsideBlocks;
        return new Parts(new BackboneDefinition(geometry, builder.Layout, blocks, builder.Norm("ln_f")), tokenTable, positionTable);
    }

    private static TransformerBlock Block(LayoutBuilder builder, TransformerGeometry geometry, string prefix)
    {
        int width = geometry.Width;
        string attention = prefix + "attn";
        string mlp = prefix + "mlp";
        return new TransformerBlock(geometry)
        {
            Norm1 = builder.Norm(prefix + "ln_1"),
            QueryKeyValue = new QueryKeyValueLayer(
                builder.Conv1D(attention, ModuleKind.Attention, width, 3 * width, attention + ".c_attn")),
            Projection = builder.Conv1D(attention, ModuleKind.Attention, width, width, attention + ".c_proj"),
            Norm2 = builder.Norm(prefix + "ln_2"),
            Expand = builder.Conv1D(mlp, ModuleKind.Mlp, width, geometry.Hidden, mlp + ".c_fc"),
            Contract = builder.Conv1D(mlp, ModuleKind.Mlp, geometry.Hidden, width, mlp + ".c_proj"),
        };
    }

    private sealed record Parts(BackboneDefinition Definition, int TokenTable, int PositionTable);
}
