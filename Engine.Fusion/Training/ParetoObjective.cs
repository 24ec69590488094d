using System;
using System.Collections.Generic;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>
/// The losses of all tasks for one preference and one batch per task, and the gradient of their scalarisation with respect to the
/// router parameters (PWEMoE, arXiv 2406.09770, section 4; closed-form gradients).
/// </summary>
public abstract class ParetoObjective : IDisposable
{
    private readonly ActivationPlan _plan;
    private int _plannedRows = -1;

    private protected ParetoObjective(RoutedFusion fusion, IReadOnlyList<FusionTask> tasks)
    {
        ArgumentNullException.ThrowIfNull(fusion);
        ArgumentNullException.ThrowIfNull(tasks);
        if (tasks.Count != fusion.Ensemble.Tasks)
        {
            throw new ArgumentException($"There are {fusion.Ensemble.Tasks} experts and {tasks.Count} tasks.", nameof(tasks));
        }

        Fusion = fusion;
        Tasks = tasks;
        Losses = new double[tasks.Count];
        ParameterGradient = new float[fusion.Routers.ParameterCount];
        _plan = new ActivationPlan(Backbone.Backend, "head gradients");
        LogitsGradients = new TensorRef[tasks.Count];
        fusion.RequestGradients();
    }

    /// <summary>What is trained.</summary>
    public RoutedFusion Fusion { get; }

    /// <summary>The tasks in the order of preferences and experts.</summary>
    public IReadOnlyList<FusionTask> Tasks { get; }

    /// <summary>Mean loss of every task at the last evaluation [T].</summary>
    public double[] Losses { get; }

    /// <summary>Gradient of the scalarised loss at the last evaluation [parameters of all routers].</summary>
    public float[] ParameterGradient { get; }

    /// <summary>The scalarised loss at the last evaluation.</summary>
    public double ScalarLoss { get; private protected set; }

    private protected Backbone Backbone => Fusion.Ensemble.Backbone;

    /// <summary>dL/dfeatures [rows of all tasks, C].</summary>
    private protected TensorRef FeatureGradient { get; private set; }

    /// <summary>dL/dlogits of every task.</summary>
    private protected TensorRef[] LogitsGradients { get; }

    /// <summary>Merges for the preference, computes all losses and the gradient.</summary>
    /// <param name="preference">r [T].</param>
    /// <param name="batches">One batch per task.</param>
    public abstract void Evaluate(ReadOnlySpan<float> preference, IReadOnlyList<Batch> batches);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the gradients of heads.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _plan.Dispose();
        }
    }

    /// <summary>Makes room for the gradients of features and logits.</summary>
    private protected void Prepare(IReadOnlyList<Batch> batches)
    {
        int rows = 0;
        foreach (Batch batch in batches)
        {
            rows += batch.Count;
        }

        if (rows == _plannedRows)
        {
            return;
        }

        _plan.Build(plan =>
        {
            FeatureGradient = plan.Add("gradient.features", rows, Backbone.FeatureSize);
            for (int t = 0; t < Tasks.Count; t++)
            {
                LogitsGradients[t] = plan.Add($"gradient.logits.{Tasks[t].Name}", rows, Tasks[t].Head.Classes);
            }
        });
        _plannedRows = rows;
    }

    /// <summary>One task's head and loss on its rows of features, forward and backward.</summary>
    /// <param name="task">Index of the task.</param>
    /// <param name="features">Its features [B, C].</param>
    /// <param name="batch">Its labels.</param>
    /// <param name="featureGradient">Receives weight * dL/dfeatures [B, C].</param>
    /// <param name="weight">Factor of the gradient.</param>
    private protected void HeadAndLoss(int task, TensorRef features, Batch batch, TensorRef featureGradient, float weight)
    {
        FusionTask current = Tasks[task];
        TensorRef logits = current.Head.Forward(features);
        TensorRef logitsGradient = LogitsGradients[task].SliceRows(0, features.Rows);
        Losses[task] = current.Loss.Compute(logits, batch, logitsGradient, weight);
        current.Head.Backward(features, logitsGradient, featureGradient);
    }
}
