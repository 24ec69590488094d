using System;
using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// Greedy generation with a key/value cache: each new token costs one pass over the weights, whatever came before.
/// One sequence; C width, V vocabulary, P positions.
/// </summary>
public sealed class Gpt2Generator : IDisposable
{
    private readonly Gpt2Backbone _backbone;
    private readonly IBackend _backend;
    private readonly TransformerGeometry _geometry;
    private readonly ActivationPlan _plan;
    private readonly Arena _cache;
    private readonly TensorRef[] _keysAndValues;
    private readonly BlockActivations _activations = new();
    private readonly BlockScratch _scratch = new();
    private readonly int[] _winner = new int[1];
    private TensorRef _ids;
    private TensorRef _stream;
    private TensorRef _feature;
    private TensorRef _logits;
    private TensorRef _argMax;
    private int _plannedTokens = -1;

    /// <summary>Allocates a cache for as many positions as the model has.</summary>
    /// <param name="backbone">The model; its head is the tied one.</param>
    public Gpt2Generator(Gpt2Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        _backbone = backbone;
        _backend = backbone.Backend;
        _geometry = backbone.Geometry;
        _plan = new ActivationPlan(_backend, "generation");
        DType dtype = _backend.Info.ComputeType;
        Shape shape = new(backbone.Config.MaxPositionEmbeddings, 2 * _geometry.Width);
        _cache = _backend.CreateArena("key/value cache", _geometry.Layers * Arena.AlignedSize(dtype, shape));
        _keysAndValues = new TensorRef[_geometry.Layers];
        for (int i = 0; i < _keysAndValues.Length; i++)
        {
            _keysAndValues[i] = _cache.Allocate($"cache.{i}", dtype, shape);
        }
    }

    /// <summary>Tokens in the cache.</summary>
    public int Length { get; private set; }

    /// <summary>Logits of the token after the last one [1, V].</summary>
    public TensorRef Logits => _logits;

    /// <summary>Forgets the sequence.</summary>
    public void Reset() => Length = 0;

    /// <summary>Appends tokens and predicts the next one.</summary>
    /// <param name="tokens">Ids, each 0 to V - 1.</param>
    /// <returns>The most likely next token.</returns>
    /// <exception cref="DataException">The sequence is longer than the model's positions, or an id is out of range.</exception>
    public int Append(ReadOnlySpan<int> tokens)
    {
        Check(tokens);
        Prepare(tokens.Length);
        _backend.Upload(tokens, _ids);
        _backend.EmbedTokens(_ids, _backbone.TokenTable, _backbone.PositionTable, Length, _stream);
        for (int i = 0; i < _keysAndValues.Length; i++)
        {
            Block(_backbone.Blocks[i], _keysAndValues[i], tokens.Length);
        }

        Length += tokens.Length;
        _backbone.FinalNorm.Forward(_backend, _backbone.Parameters, _stream.SliceRows(tokens.Length - 1, 1), _feature);
        _backend.Gemm(new GemmArgs { A = _feature, B = _backbone.TokenTable, TransposeB = true, C = _logits });
        _backend.ArgMax(_logits, _argMax);
        _backend.Download<int>(_argMax, _winner);
        return _winner[0];
    }

    /// <summary>Continues a prompt greedily.</summary>
    /// <param name="prompt">Ids, at least one.</param>
    /// <param name="count">How many tokens to add.</param>
    /// <param name="stopToken">Ends early after this id; null for never.</param>
    /// <returns>The new ids, one at a time.</returns>
    public IEnumerable<int> Generate(int[] prompt, int count, int? stopToken = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        Reset();
        int next = Append(prompt);
        int[] one = new int[1];
        for (int i = 0; i < count; i++)
        {
            yield return next;
            if (next == stopToken || i + 1 == count)
            {
                yield break;
            }

            one[0] = next;
            next = Append(one);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _plan.Dispose();
        _cache.Dispose();
    }

    /// <summary>One block, from the stream into the stream: one set of activations serves all blocks.</summary>
    private void Block(TransformerBlock block, TensorRef cache, int tokens)
    {
        int width = _geometry.Width;
        ParameterSet parameters = _backbone.Parameters;
        block.Norm1.Forward(_backend, parameters, _stream, _scratch.Width);
        TensorRef packed = _activations.QueryKeyValue;
        _backend.Gemm(block.QueryKeyValue.Packed.Forward(parameters, _scratch.Width, packed));
        _backend.Copy(packed.SliceColumns(width, 2 * width), cache.SliceRows(Length, tokens));
        TensorRef known = cache.SliceRows(0, Length + tokens);
        _backend.Attention(new AttentionArgs
        {
            Query = packed.SliceColumns(0, width),
            Key = known.SliceColumns(0, width),
            Value = known.SliceColumns(width, width),
            Output = _scratch.Attended,
            Batch = 1,
            Heads = _geometry.Heads,
            Causal = true,
        });
        _backend.Gemm(block.Projection.Forward(parameters, _scratch.Attended, _activations.Middle) with { Residual = _stream });
        block.Mlp(_backend, parameters, _activations, _scratch, _stream);
    }

    private void Prepare(int tokens)
    {
        if (tokens == _plannedTokens)
        {
            return;
        }

        Plan(tokens);
        _plannedTokens = tokens;
    }

    // A method of its own: the closure is allocated on entry, and most tokens need no plan.
    private void Plan(int tokens) => _plan.Build(plan =>
    {
        _ids = plan.Add("input_ids", DType.I32, new Shape(1, tokens));
        _stream = plan.Add("stream", tokens, _geometry.Width);
        _scratch.Declare(plan, "scratch", _geometry, 1, tokens);
        _activations.Declare(plan, "block", _geometry, _scratch, _scratch, KeptActivations.None, inPlace: true);
        _feature = plan.Add("feature", 1, _geometry.Width);
        _logits = plan.Add("logits", 1, _backbone.Config.VocabSize);
        _argMax = plan.Add("next", DType.I32, new Shape(1));
    });

    private void Check(ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty || Length + tokens.Length > _backbone.Config.MaxPositionEmbeddings)
        {
            throw new DataException(
                $"A sequence of {Length} + {tokens.Length} tokens does not fit the model; expected 1 to "
                + $"{_backbone.Config.MaxPositionEmbeddings}.");
        }

        foreach (int id in tokens)
        {
            if ((uint)id >= (uint)_backbone.Config.VocabSize)
            {
                throw new DataException($"input_ids holds {id}; expected 0 to {_backbone.Config.VocabSize - 1}.");
            }
        }
    }
}
