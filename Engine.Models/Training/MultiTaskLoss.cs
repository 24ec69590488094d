using System;
using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>Forward and backward pass of one backbone under several heads: Σ wt Lt with one pass through the backbone, or one task
/// alone.</summary>
public sealed class MultiTaskLoss : IDisposable
{
    private readonly Backbone _backbone;
    private readonly JointBatch _joint = new();
    private readonly ActivationPlan _plan;
    private readonly TensorRef[] _logitsGradients;
    private TensorRef _featureGradient;
    private int _plannedRows = -1;

    /// <summary>Joins a backbone with the tasks' heads and losses.</summary>
    /// <param name="backbone">Shared by all tasks; one row of features per sample, or per token.</param>
    /// <param name="tasks">Stay with the caller.</param>
    public MultiTaskLoss(Backbone backbone, IReadOnlyList<SupervisedTask> tasks)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(tasks);
        _backbone = backbone;
        Tasks = tasks;
        Losses = new double[tasks.Count];
        _logitsGradients = new TensorRef[tasks.Count];
        _plan = new ActivationPlan(backbone.Backend, "gradients of features and logits");
    }

    /// <summary>The tasks, in order.</summary>
    public IReadOnlyList<SupervisedTask> Tasks { get; }

    /// <summary>Mean loss of every task when it was last computed [T].</summary>
    public double[] Losses { get; }

    /// <summary>True if no loss is NaN or infinite.</summary>
    public bool AreFinite => Array.TrueForAll(Losses, double.IsFinite);

    /// <summary>All tasks at once: their batches are joined.</summary>
    /// <param name="batches">One per task.</param>
    /// <param name="weights">wt, factors of the gradients [T].</param>
    /// <param name="accumulate">Add to the gradients of backbone and heads instead of overwriting them.</param>
    /// <exception cref="DataException">A batch does not fit the model.</exception>
    public void ForwardBackward(IReadOnlyList<Batch> batches, ReadOnlySpan<float> weights, bool accumulate = false)
    {
        ArgumentNullException.ThrowIfNull(batches);
        Batch joint = batches.Count == 1 ? batches[0] : _joint.Join(batches);
        TensorRef features = _backbone.Forward(joint, ForwardMode.Training);
        int rowsPerSample = features.Rows / joint.Count;
        Prepare(features.Rows);
        int row = 0;
        for (int t = 0; t < Tasks.Count; t++)
        {
            int rows = batches[t].Count * rowsPerSample;
            HeadAndLoss(t, features.SliceRows(row, rows), batches[t], _featureGradient.SliceRows(row, rows), weights[t], accumulate);
            row += rows;
        }

        _backbone.Backward(_featureGradient.SliceRows(0, features.Rows), accumulate);
    }

    /// <summary>One task alone, with weight 1.</summary>
    /// <param name="task">Its index.</param>
    /// <param name="batch">Its batch.</param>
    /// <exception cref="DataException">The batch does not fit the model.</exception>
    public void ForwardBackward(int task, Batch batch)
    {
        TensorRef features = _backbone.Forward(batch, ForwardMode.Training);
        Prepare(features.Rows);
        TensorRef featureGradient = _featureGradient.SliceRows(0, features.Rows);
        HeadAndLoss(task, features, batch, featureGradient, weight: 1, accumulate: false);
        _backbone.Backward(featureGradient);
    }

    /// <summary>Throws if a loss is not a number, before anything is updated with it.</summary>
    /// <param name="step">Counted from 1, for the message.</param>
    /// <exception cref="NonFiniteLossException">A loss is NaN or infinite.</exception>
    public void RequireFinite(int step)
    {
        for (int t = 0; t < Losses.Length; t++)
        {
            if (!double.IsFinite(Losses[t]))
            {
                throw new NonFiniteLossException(step, Tasks[t].Name, Losses[t]);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    private void Prepare(int rows)
    {
        if (rows <= _plannedRows)
        {
            return;
        }

        Plan(rows);
        _plannedRows = rows;
    }

    // A method of its own: the closure is allocated on entry, and most passes need no plan.
    private void Plan(int rows) => _plan.Build(plan =>
    {
        _featureGradient = plan.Add("gradient.features", rows, _backbone.FeatureSize);
        for (int t = 0; t < Tasks.Count; t++)
        {
            _logitsGradients[t] = plan.Add($"gradient.logits.{Tasks[t].Name}", rows, Tasks[t].Head.Classes);
        }
    });

    private void HeadAndLoss(int task, TensorRef features, Batch batch, TensorRef featureGradient, float weight, bool accumulate)
    {
        SupervisedTask current = Tasks[task];
        TensorRef logits = current.Head.Forward(features);
        TensorRef logitsGradient = _logitsGradients[task].SliceRows(0, features.Rows);
        Losses[task] = current.Loss.Compute(logits, batch, logitsGradient, weight);
        current.Head.Backward(features, logitsGradient, featureGradient, accumulate);
    }
}
