using System;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>From features [R, C] to logits [R, K], and back. Owns its parameters and activations.</summary>
public abstract class Head : IDisposable
{
    private readonly ActivationPlan _plan;
    private TensorRef _logits;
    private int _plannedRows = -1;

    private protected Head(IBackend backend, ParameterLayout layout, int featureSize, int classes)
    {
        Backend = backend;
        Layout = layout;
        FeatureSize = featureSize;
        Classes = classes;
        _plan = new ActivationPlan(backend, "head activations");
        Parameters = new ParameterSet(backend, layout, "head parameters");
        Gradients = new ParameterSet(backend, layout, "head gradients", static _ => false);
    }

    /// <summary>What computes.</summary>
    public IBackend Backend { get; }

    /// <summary>The head's parameters under their names in a checkpoint.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>The weights.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>The gradients that were asked for; none at first.</summary>
    public ParameterSet Gradients { get; private set; }

    /// <summary>C: numbers per row of features.</summary>
    public int FeatureSize { get; }

    /// <summary>K: numbers per row of logits.</summary>
    public int Classes { get; }

    /// <summary>Logits of the last forward pass [R, K]: after a <see cref="LossFunction"/>, of its last stretch of rows.</summary>
    public TensorRef Logits { get; private set; }

    /// <summary>Chooses the parameters whose gradients backward passes compute.</summary>
    /// <param name="wanted">By name; null for all.</param>
    public void RequestGradients(Predicate<string>? wanted)
    {
        Gradients.Dispose();
        Gradients = new ParameterSet(Backend, Layout, "head gradients", wanted);
    }

    /// <summary>Computes logits.</summary>
    /// <param name="features">[R, C].</param>
    /// <returns>[R, K], valid until the next call.</returns>
    public TensorRef Forward(TensorRef features)
    {
        if (features.Rows > _plannedRows)
        {
            Plan(features.Rows);
            _plannedRows = features.Rows;
        }

        Logits = _logits.SliceRows(0, features.Rows);
        Compute(features, Logits);
        return Logits;
    }

    /// <summary>Computes the gradient of the features and the requested gradients.</summary>
    /// <param name="features">The forward pass's input [R, C].</param>
    /// <param name="logitsGradient">dL/dlogits [R, K].</param>
    /// <param name="featureGradient">Receives dL/dfeatures [R, C]; "no tensor" if nobody needs it.</param>
    /// <param name="accumulate">Add to the parameter gradients instead of overwriting them.</param>
    public abstract void Backward(TensorRef features, TensorRef logitsGradient, TensorRef featureGradient, bool accumulate = false);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Prepares derived tensors after the weights have changed, where a head has any.</summary>
    public virtual void ParametersChanged()
    {
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

    /// <summary>Adds what a pass over at most this many rows keeps besides the logits.</summary>
    private protected abstract void Declare(ActivationPlan plan, int rows);

    private protected abstract void Compute(TensorRef features, TensorRef logits);

    // A method of its own: the closure is allocated on entry, and most passes need no plan.
    private void Plan(int rows) => _plan.Build(plan =>
    {
        _logits = plan.Add("logits", rows, Classes);
        Declare(plan, rows);
    });
}
