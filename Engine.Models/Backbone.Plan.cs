using System;
using Engine.Kernels;

namespace Engine.Models;

/// <content>Where activations lie, and which rows and gradients are computed.</content>
public abstract partial class Backbone
{
    private readonly ActivationPlan _plan;
    private readonly ActivationPlan _lastStatePlan;
    private readonly BlockScratch _scratch = new();
    private readonly BlockScratch _scratchOfFeatures;
    private readonly BlockActivations[] _activations;
    private int[] _featureRows = [];
    private int _lowest;
    private PlanKey _planned;
    private TensorRef _featureIndices;
    private TensorRef _features;
    private TensorRef _featureMean;
    private TensorRef _featureReciprocalDeviation;

    private void Prepare(PlanKey key)
    {
        if (key == _planned)
        {
            return;
        }

        _planned = default;
        _lowest = Lowest();
        Plan(key);
        _planned = key;
        Array.Resize(ref _featureRows, key.Batch);
    }

    // A method of its own: the closure is allocated on entry, and most passes need no plan.
    private void Plan(PlanKey key) => _plan.Build(plan => Declare(plan, key));

    private void Declare(ActivationPlan plan, PlanKey key)
    {
        bool keep = key.Mode == ForwardMode.Training;
        bool pooled = Pooling != FeaturePooling.AllTokens;
        DeclareEmbedding(plan, key.Batch, key.Tokens, backward: keep && IsReached(0));
        _featureIndices = pooled ? plan.Add("features.rows", DType.I32, new Shape(key.Batch)) : default;
        plan.Overlay(
            () => DeclareEmbeddingInput(plan, key.Batch, key.Tokens, backward: keep && IsReached(0)),
            () => DeclareBlocks(plan, key, keep));
        int featureRows = pooled ? key.Batch : key.Batch * key.Tokens;
        _features = plan.Add("features", featureRows, Geometry.Width);
        _featureMean = keep ? plan.Add("features.mean", featureRows) : default;
        _featureReciprocalDeviation = keep ? plan.Add("features.rstd", featureRows) : default;
    }

    private void DeclareBlocks(ActivationPlan plan, PlanKey key, bool keep)
    {
        _scratch.Declare(plan, "scratch", Geometry, key.Batch, key.Tokens);
        if (Pooling != FeaturePooling.AllTokens)
        {
            _scratchOfFeatures.Declare(plan, "scratch.features", Geometry, key.Batch, tokens: 1);
        }

        for (int i = 0; i < _blocks.Length; i++)
        {
            BlockScratch scratchOfRest = ScratchOf(i);
            KeptActivations kept = keep && IsReached(i + 1) ? _blocks[i].Keeps(Gradients, propagate: IsReached(i)) : KeptActivations.None;
            bool inPlace = !keep && scratchOfRest == _scratch;
            _activations[i].Declare(plan, $"block.{i}", Geometry, _scratch, scratchOfRest, kept, inPlace);
        }
    }

    /// <summary>The lowest block whose gradients are asked for; -1 for the embedding, the number of blocks for none.</summary>
    private int Lowest()
    {
        int lowest = WantsInputGradient || EmbeddingIsWanted(Gradients) ? -1 : 0;
        while (lowest >= 0 && lowest < _blocks.Length && !_blocks[lowest].IsWanted(Gradients))
        {
            lowest++;
        }

        return lowest;
    }

    /// <summary>True if backward passes need the gradient of this state: a block's input, or the last one's output.</summary>
    private bool IsReached(int state) => state > _lowest;

    /// <summary>All rows go on to the next block; from the last one, only those that become features.</summary>
    private BlockRows RowsOf(int block) => ScratchOf(block) == _scratch
        ? new BlockRows(_scratch, _planned.Batch, KeyMask)
        : new BlockRows(_scratchOfFeatures, _planned.Batch, FeatureKeyMask, _featureIndices);

    private BlockScratch ScratchOf(int block) => block < _blocks.Length - 1 ? _scratch : _scratchOfFeatures;

    private void SelectFeatureRows(Batch batch, int tokens)
    {
        if (Pooling == FeaturePooling.AllTokens)
        {
            return;
        }

        for (int i = 0; i < batch.Count; i++)
        {
            _featureRows[i] = (i * tokens) + (Pooling == FeaturePooling.FirstToken ? 0 : LastToken(batch, i, tokens));
        }

        Backend.Upload<int>(_featureRows.AsSpan(0, batch.Count), _featureIndices);
    }

    private readonly record struct PlanKey(int Batch, int Tokens, ForwardMode Mode);
}
