using System;
using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// A transformer without its head: turns a batch into features [rows, C], and the gradient of the features into gradients of its
/// parameters. It knows nothing of tasks or fusion: whoever wants other weights writes them into <see cref="Parameters"/>.
/// Dimensions: B samples, T tokens, C width, R = B * T.
/// </summary>
public abstract class Backbone : IDisposable
{
    private readonly ActivationPlan _plan;
    private readonly BlockScratch _scratch = new();
    private readonly TransformerBlock[] _blocks;
    private readonly BlockActivations[] _activations;
    private int[] _pooledRows = [];
    private PlanKey _planned;
    private Action<int>? _consumeGradients;
    private TensorRef _embedded;
    private TensorRef _pooledIndices;
    private TensorRef _pooled;
    private TensorRef _features;
    private TensorRef _featureMean;
    private TensorRef _featureReciprocalDeviation;

    private protected Backbone(IBackend backend, BackboneDefinition definition, FeaturePooling pooling)
    {
        Backend = backend;
        Geometry = definition.Geometry;
        Layout = definition.Layout;
        Pooling = pooling;
        _blocks = definition.Blocks;
        FinalNorm = definition.FinalNorm;
        _activations = new BlockActivations[_blocks.Length];
        _plan = new ActivationPlan(backend, "activations");
        Parameters = new ParameterSet(backend, Layout, "parameters");
        Gradients = new ParameterSet(backend, Layout, "gradients", static _ => false);
    }

    /// <summary>What computes.</summary>
    public IBackend Backend { get; }

    /// <summary>Sizes of the blocks.</summary>
    public TransformerGeometry Geometry { get; }

    /// <summary>All parameters, in order, with names relative to the backbone.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>The weights that <see cref="Forward"/> uses. Write into them to change the model.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>The gradients that were asked for; see <see cref="RequestGradients"/>.</summary>
    public ParameterSet Gradients { get; private set; }

    /// <summary>Where features come from.</summary>
    public FeaturePooling Pooling { get; }

    /// <summary>C: numbers per row of features.</summary>
    public int FeatureSize => Geometry.Width;

    /// <summary>After a forward pass in training mode: the embedding and every block's output, each [B * T, C], before the final
    /// norm.</summary>
    public IReadOnlyList<TensorRef> HiddenStates
    {
        get
        {
            List<TensorRef> states = [_embedded];
            foreach (BlockActivations block in _activations)
            {
                states.Add(block.Output);
            }

            return states;
        }
    }

    /// <summary>Names, shapes and bytes of the activations of the last forward pass.</summary>
    public ActivationPlan Activations => _plan;

    /// <summary>Prefixes under which checkpoints hold this backbone's parameters, the most specific first ("transformer.", "").</summary>
    public abstract IReadOnlyList<string> CheckpointPrefixes { get; }

    /// <summary>Also compute the gradient of the input pixels or embeddings in backward passes.</summary>
    public bool WantsInputGradient
    {
        get;
        set
        {
            field = value;
            _planned = default;
        }
    }

    /// <summary>The norm between the last block and the features.</summary>
    internal LayerNorm FinalNorm { get; }

    /// <summary>U8 [B, T] of the current batch; "no tensor" if every token is real.</summary>
    private protected virtual TensorRef KeyMask => default;

    /// <summary>Chooses the parameters whose gradients backward passes compute. Nothing below the lowest of them is computed.</summary>
    /// <param name="wanted">By name; null for all.</param>
    /// <param name="consume">If given, backward passes call it with the index of a block whose gradients are ready, from the top down, and
    /// at the end with <see cref="ParameterSpec.OutsideBlocks"/> for the rest. Gradients are then valid only during that call: all blocks
    /// share one block's memory. Without it, all gradients stay until the next backward pass.</param>
    public void RequestGradients(Predicate<string>? wanted, Action<int>? consume = null)
    {
        Gradients.Dispose();
        Gradients = new ParameterSet(Backend, Layout, "gradients", wanted, blocksShareMemory: consume is not null);
        _consumeGradients = consume;
        _planned = default;
    }

    /// <summary>Computes features.</summary>
    /// <param name="batch">Samples; sizes may change from call to call.</param>
    /// <param name="mode">Training keeps what <see cref="Backward"/> needs.</param>
    /// <returns>[B, C], or [B * T, C] with <see cref="FeaturePooling.AllTokens"/>; valid until the next forward pass.</returns>
    /// <exception cref="DataException">The batch does not fit the model.</exception>
    public TensorRef Forward(Batch batch, ForwardMode mode)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int tokens = CountTokens(batch);
        Prepare(new PlanKey(batch.Count, tokens, mode));
        _embedded = Embed(batch);
        TensorRef x = _embedded;
        for (int i = 0; i < _blocks.Length; i++)
        {
            _blocks[i].Forward(Backend, Parameters, x, KeyMask, batch.Count, _activations[i], _scratch);
            x = _activations[i].Output;
        }

        return Pool(batch, tokens, x);
    }

    /// <summary>Computes the requested gradients of the last forward pass, which was in training mode.</summary>
    /// <param name="featureGradient">dL/dfeatures, same shape as the features.</param>
    /// <param name="accumulate">Add to the gradients instead of overwriting them.</param>
    public void Backward(TensorRef featureGradient, bool accumulate = false)
    {
        if (_planned.Mode != ForwardMode.Training || _planned.Batch == 0)
        {
            throw new InvalidOperationException("A backward pass follows a forward pass in training mode.");
        }

        if (accumulate && _consumeGradients is not null)
        {
            throw new InvalidOperationException("Gradients that are consumed block by block cannot be accumulated.");
        }

        BackwardPass pass = new(Backend, Parameters, Gradients, _scratch, accumulate);
        bool embedding = WantsInputGradient || EmbeddingIsWanted(Gradients);
        int lowest = 0;
        while (!embedding && lowest < _blocks.Length && !_blocks[lowest].IsWanted(Gradients))
        {
            lowest++;
        }

        PoolBackward(pass, featureGradient, propagate: lowest < _blocks.Length || embedding);
        for (int i = _blocks.Length - 1; i >= lowest; i--)
        {
            TensorRef x = i == 0 ? _embedded : _activations[i - 1].Output;
            _blocks[i].Backward(pass, x, KeyMask, _planned.Batch, _activations[i], propagate: embedding || i > lowest);
            _consumeGradients?.Invoke(i);
        }

        if (embedding)
        {
            EmbedBackward(pass);
        }

        _consumeGradients?.Invoke(ParameterSpec.OutsideBlocks);
    }

    /// <summary>Applies the final norm to every token of the last forward pass: [B * T, C], in scratch memory of the caller.</summary>
    /// <param name="output">Receives the result.</param>
    public void NormalizeAllTokens(TensorRef output) => FinalNorm.Forward(Backend, Parameters, _activations[^1].Output, output);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases parameters, gradients and activations.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _plan.Dispose();
            Parameters.Dispose();
            Gradients.Dispose();
        }
    }

    /// <summary>T, and a check that the batch fits.</summary>
    private protected abstract int CountTokens(Batch batch);

    /// <summary>Adds inputs and embeddings to the plan.</summary>
    private protected abstract void DeclareEmbedding(ActivationPlan plan, int batch, int tokens, ForwardMode mode);

    /// <summary>From batch to residual stream [B * T, C].</summary>
    private protected abstract TensorRef Embed(Batch batch);

    /// <summary>True if a gradient of the embeddings is asked for.</summary>
    private protected abstract bool EmbeddingIsWanted(ParameterSet gradients);

    /// <summary>From the gradient of the residual stream to those of the embeddings.</summary>
    private protected abstract void EmbedBackward(in BackwardPass pass);

    /// <summary>For <see cref="FeaturePooling.LastToken"/>: the last real token of a sample.</summary>
    private protected virtual int LastToken(Batch batch, int sample, int tokens) => tokens - 1;

    private void Prepare(PlanKey key)
    {
        if (key == _planned)
        {
            return;
        }

        _planned = default;
        Plan(key);
        _planned = key;
        Array.Resize(ref _pooledRows, key.Batch);
    }

    // A method of its own: the closure is allocated on entry, and most passes need no plan.
    private void Plan(PlanKey key) => _plan.Build(plan => Declare(plan, key));

    private void Declare(ActivationPlan plan, PlanKey key)
    {
        bool keep = key.Mode == ForwardMode.Training;
        int rows = key.Batch * key.Tokens;
        DeclareEmbedding(plan, key.Batch, key.Tokens, key.Mode);
        _scratch.Declare(plan, Geometry, rows, backward: keep);
        for (int i = 0; i < _blocks.Length; i++)
        {
            // In inference two sets take turns: a block reads its predecessor's output while it writes its own.
            if (keep || i < 2)
            {
                _activations[i] = new BlockActivations();
                _activations[i].Declare(plan, $"block.{i}", Geometry, key.Batch, key.Tokens, keep);
            }
            else
            {
                _activations[i] = _activations[i - 2];
            }
        }

        bool pooled = Pooling != FeaturePooling.AllTokens;
        int featureRows = pooled ? key.Batch : rows;
        _pooledIndices = pooled ? plan.Add("pooled_rows", DType.I32, new Shape(key.Batch)) : default;
        _pooled = pooled ? plan.Add("pooled", key.Batch, Geometry.Width) : default;
        _features = plan.Add("features", featureRows, Geometry.Width);
        _featureMean = keep ? plan.Add("features.mean", featureRows) : default;
        _featureReciprocalDeviation = keep ? plan.Add("features.rstd", featureRows) : default;
    }

    private TensorRef Pool(Batch batch, int tokens, TensorRef stream)
    {
        TensorRef source = stream;
        if (Pooling != FeaturePooling.AllTokens)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                _pooledRows[i] = (i * tokens) + (Pooling == FeaturePooling.FirstToken ? 0 : LastToken(batch, i, tokens));
            }

            Backend.Upload<int>(_pooledRows.AsSpan(0, batch.Count), _pooledIndices);
            Backend.GatherRows(stream, _pooledIndices, _pooled);
            source = _pooled;
        }

        FinalNorm.Forward(Backend, Parameters, source, _features, _featureMean, _featureReciprocalDeviation);
        return _features;
    }

    private void PoolBackward(in BackwardPass pass, TensorRef featureGradient, bool propagate)
    {
        bool pooled = Pooling != FeaturePooling.AllTokens;
        if (!propagate && !FinalNorm.IsWanted(Gradients))
        {
            return;
        }

        TensorRef source = pooled ? _pooled : _activations[^1].Output;
        TensorRef sourceGradient = pooled ? _scratch.Width.SliceRows(0, _planned.Batch) : _scratch.StreamGradient;
        Backend.LayerNormBackward(
            FinalNorm.Backward(
                Parameters, Gradients, featureGradient, source, _featureMean, _featureReciprocalDeviation, pass.Accumulate) with
            {
                InputGradient = propagate ? sourceGradient : default,
            });
        if (propagate && pooled)
        {
            Backend.ScatterRows(sourceGradient, _pooledIndices, _scratch.StreamGradient);
        }
    }

    private readonly record struct PlanKey(int Batch, int Tokens, ForwardMode Mode);
}
