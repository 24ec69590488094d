using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// A transformer without its head: turns a batch into features [rows, C], and the gradient of the features into gradients of its
/// parameters. It knows nothing of tasks or fusion: whoever wants other weights writes them into <see cref="Parameters"/>.
/// Dimensions: B samples, T tokens, C width, R = B * T.
/// </summary>
public abstract partial class Backbone : IDisposable
{
    private readonly TransformerBlock[] _blocks;
    private Action<int>? _consumeGradients;
    private TensorRef _embedded;

    private protected Backbone(IBackend backend, BackboneDefinition definition, FeaturePooling pooling, DType? weightType)
    {
        Backend = backend;
        Geometry = definition.Geometry;
        Layout = definition.Layout;
        Pooling = pooling;
        _blocks = definition.Blocks;
        FinalNorm = definition.FinalNorm;
        _activations = Array.ConvertAll(_blocks, static _ => new BlockActivations());
        _scratchOfFeatures = pooling == FeaturePooling.AllTokens ? _scratch : new BlockScratch();
        _plan = new ActivationPlan(backend, "activations");
        _lastStatePlan = new ActivationPlan(backend, "last hidden state");
        Parameters = new ParameterSet(backend, Layout, "parameters", weightType: weightType);
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

    /// <summary>U8 [B, T]: the keys that the one token of each sample sees that becomes its feature; "no tensor" if it sees all.</summary>
    private protected virtual TensorRef FeatureKeyMask => KeyMask;

    /// <summary>Chooses the parameters whose gradients backward passes compute. Nothing below the lowest of them is computed.</summary>
    /// <param name="wanted">By name; null for all.</param>
    /// <param name="consume">If given, backward passes call it with the index of a block whose gradients are ready, from the top down, and
    /// at the end with <see cref="ParameterSpec.OutsideBlocks"/> for the rest. Gradients are then valid only during that call: all blocks
    /// share one block's memory. Without it, all gradients stay until the next backward pass.</param>
    /// <exception cref="InvalidOperationException">Weights are in BF16.</exception>
    public void RequestGradients(Predicate<string>? wanted, Action<int>? consume = null)
    {
        if (Parameters.WeightType != Backend.Info.ComputeType && Layout.Parameters.Any(parameter => wanted?.Invoke(parameter.Name) ?? true))
        {
            throw new InvalidOperationException(
                $"Weights in {Parameters.WeightType} are for inference; for gradients, load them in {Backend.Info.ComputeType}.");
        }

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
        SelectFeatureRows(batch, tokens);
        _embedded = Embed(batch);
        TensorRef x = _embedded;
        for (int i = 0; i < _blocks.Length; i++)
        {
            x = _blocks[i].Forward(Backend, Parameters, x, RowsOf(i), _activations[i], _scratch);
        }

        FinalNorm.Forward(Backend, Parameters, x, _features, _featureMean, _featureReciprocalDeviation);
        return _features;
    }

    /// <summary>Computes the requested gradients of the last forward pass, which was in training mode.</summary>
    /// <param name="featureGradient">dL/dfeatures, same shape as the features.</param>
    /// <param name="accumulate">Add to the gradients instead of overwriting them.</param>
    public void Backward(TensorRef featureGradient, bool accumulate = false)
    {
        RequireTraining("A backward pass");
        if (accumulate && _consumeGradients is not null)
        {
            throw new InvalidOperationException("Gradients that are consumed block by block cannot be accumulated.");
        }

        BackwardPass pass = new(Backend, Parameters, Gradients, _scratch, accumulate);
        bool propagate = IsReached(_blocks.Length);
        if (propagate || FinalNorm.IsWanted(Gradients))
        {
            TensorRef last = _activations[^1].Output;
            Backend.LayerNormBackward(
                FinalNorm.Backward(Parameters, Gradients, featureGradient, last, _featureMean, _featureReciprocalDeviation, accumulate) with
                {
                    InputGradient = propagate ? _scratchOfFeatures.Stream : default,
                });
        }

        for (int i = _blocks.Length - 1; i >= 0 && IsReached(i + 1); i--)
        {
            _blocks[i].Backward(pass, InputOf(i), RowsOf(i), _activations[i], propagate: IsReached(i));
            _consumeGradients?.Invoke(i);
        }

        if (IsReached(0))
        {
            EmbedBackward(pass);
        }

        _consumeGradients?.Invoke(ParameterSpec.OutsideBlocks);
    }

    /// <summary>After a forward pass in training mode: the embedding and every block's output, each [B * T, C], before the final norm.
    /// Where features come from one token of a sample, the forward pass has computed no other row of the last state: it is computed now.
    /// Valid until the next pass.</summary>
    public IReadOnlyList<TensorRef> HiddenStates()
    {
        RequireTraining("Reading hidden states");
        List<TensorRef> states = [.. _blocks.Select((_, i) => InputOf(i))];
        states.Add(Pooling == FeaturePooling.AllTokens ? _activations[^1].Output : LastState(states[^1]));
        return states;
    }

    /// <summary>Applies the final norm.</summary>
    /// <param name="state">A hidden state [B * T, C].</param>
    /// <param name="output">Receives the result [B * T, C].</param>
    public void Normalize(TensorRef state, TensorRef output) => FinalNorm.Forward(Backend, Parameters, state, output);

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
            _lastStatePlan.Dispose();
            Parameters.Dispose();
            Gradients.Dispose();
        }
    }

    /// <summary>T, and a check that the batch fits.</summary>
    /// <exception cref="DataException">It does not.</exception>
    internal abstract int CountTokens(Batch batch);

    /// <summary>Adds to the plan what lasts as long as the pass: the embeddings' result and, if <paramref name="backward"/>, what their
    /// backward pass needs.</summary>
    private protected abstract void DeclareEmbedding(ActivationPlan plan, int batch, int tokens, bool backward);

    /// <summary>Adds to the plan what is needed until the blocks begin.</summary>
    private protected virtual void DeclareEmbeddingInput(ActivationPlan plan, int batch, int tokens, bool backward)
    {
    }

    /// <summary>From batch to residual stream [B * T, C], which inference overwrites.</summary>
    private protected abstract TensorRef Embed(Batch batch);

    /// <summary>True if a gradient of the embeddings is asked for.</summary>
    private protected abstract bool EmbeddingIsWanted(ParameterSet gradients);

    /// <summary>From the gradient of the residual stream to those of the embeddings.</summary>
    private protected abstract void EmbedBackward(in BackwardPass pass);

    /// <summary>For <see cref="FeaturePooling.LastToken"/>: the last real token of a sample.</summary>
    private protected virtual int LastToken(Batch batch, int sample, int tokens) => tokens - 1;

    /// <summary>The last block's output for all rows.</summary>
    private TensorRef LastState(TensorRef x)
    {
        BlockActivations all = new();
        _lastStatePlan.Build(plan => all.Declare(
            plan, "last_state", Geometry, _scratch, _scratch, KeptActivations.None, inPlace: false));
        return _blocks[^1].Forward(Backend, Parameters, x, new BlockRows(_scratch, _planned.Batch, KeyMask), all, _scratch);
    }

    private TensorRef InputOf(int block) => block == 0 ? _embedded : _activations[block - 1].Output;

    private void RequireTraining(string what)
    {
        if (_planned.Mode != ForwardMode.Training || _planned.Batch == 0)
        {
            throw new InvalidOperationException($"{what} follows a forward pass in training mode.");
        }
    }
}
