using System;
using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// Forward and backward pass of one backbone under several heads: Σ wt Lt with one pass through the backbone, or one task alone.
/// </summary>
public sealed class MultiTaskLoss : IDisposable
{
    private readonly Backbone _backbone;
    private readonly JointBatch _joint = new();
    private readonly ActivationPlan _plan;
    private TensorRef _featureGradient;
    private int _rows;
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
        _plan = new ActivationPlan(backbone.Backend, "gradient of features");
    }

    /// <summary>The tasks, in order.</summary>
    public IReadOnlyList<SupervisedTask> Tasks { get; }

    /// <summary>Mean loss of every task when it was last computed [T].</summary>
    public double[] Losses { get; }

    /// <summary>True if no loss is NaN or infinite.</summary>
    public bool AreFinite => Array.TrueForAll(Losses, double.IsFinite);

    /// <summary>All tasks at once: their batches are joined.</summary>
    /// <inheritdoc cref="Forward(IReadOnlyList{Batch}, ReadOnlySpan{float})"/>
    public void ForwardBackward(IReadOnlyList<Batch> batches, ReadOnlySpan<float> weights) =>
        ForwardBackward(batches, weights, 0, Tasks.Count);

    /// <summary>Several tasks at once, but not all.</summary>
    /// <param name="batches">One per task.</param>
    /// <param name="weights">wt, factors of the gradients [T].</param>
    /// <param name="first">Index of the first task.</param>
    /// <param name="count">How many tasks.</param>
    /// <param name="accumulate">Add to the gradients of backbone and heads instead of overwriting them.</param>
    /// <exception cref="DataException">A batch does not fit the model.</exception>
    public void ForwardBackward(IReadOnlyList<Batch> batches, ReadOnlySpan<float> weights, int first, int count, bool accumulate = false)
    {
        Forward(batches, weights, first, count, accumulate);
        Backward(accumulate);
    }

    /// <summary>Rows of all batches, samples times tokens: what a pass with all tasks computes, but for padding.</summary>
    /// <param name="batches">One per task.</param>
    /// <exception cref="DataException">A batch does not fit the model.</exception>
    public long RowsOf(IReadOnlyList<Batch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        long rows = 0;
        for (int t = 0; t < Tasks.Count; t++)
        {
            rows += (long)batches[t].Count * _backbone.CountTokens(batches[t]);
        }

        return rows;
    }

    /// <summary>One task alone, with weight 1.</summary>
    /// <param name="task">Its index.</param>
    /// <param name="batch">Its batch.</param>
    /// <exception cref="DataException">The batch does not fit the model.</exception>
    public void ForwardBackward(int task, Batch batch)
    {
        TensorRef features = _backbone.Forward(batch, ForwardMode.Training);
        Prepare(features.Rows);
        Losses[task] = Tasks[task].Loss.ForwardBackward(features, batch, _featureGradient.SliceRows(0, features.Rows));
        Backward();
    }

    /// <summary>The losses of all tasks, whose batches are joined, with the gradients of heads and features. What remains is
    /// <see cref="Backward"/>: whoever changes parameters during that looks at the losses before.</summary>
    /// <param name="batches">One per task.</param>
    /// <param name="weights">wt, factors of the gradients [T].</param>
    /// <exception cref="DataException">A batch does not fit the model.</exception>
    public void Forward(IReadOnlyList<Batch> batches, ReadOnlySpan<float> weights) => Forward(batches, weights, 0, Tasks.Count, false);

    /// <summary>The backward pass through the backbone that belongs to the last forward pass.</summary>
    /// <param name="accumulate">Add to the gradients instead of overwriting them.</param>
    public void Backward(bool accumulate = false) => _backbone.Backward(_featureGradient.SliceRows(0, _rows), accumulate);

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

    private void Forward(IReadOnlyList<Batch> batches, ReadOnlySpan<float> weights, int first, int count, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(batches);
        Batch joint = count == 1 ? batches[first] : _joint.Join(batches, first, count);
        TensorRef features = _backbone.Forward(joint, ForwardMode.Training);
        int rowsPerSample = features.Rows / joint.Count;
        Prepare(features.Rows);
        int row = 0;
        for (int t = first; t < first + count; t++)
        {
            int rows = batches[t].Count * rowsPerSample;
            Losses[t] = Tasks[t].Loss.ForwardBackward(
                features.SliceRows(row, rows), batches[t], _featureGradient.SliceRows(row, rows), weights[t], accumulate);
            row += rows;
        }
    }

    private void Prepare(int rows)
    {
        _rows = rows;
        if (rows > _plannedRows)
        {
            Plan(rows);
            _plannedRows = rows;
        }
    }

    // A method of its own: the closure is allocated on entry, and most passes need no plan.
    private void Plan(int rows) =>
        _plan.Build(plan => _featureGradient = plan.Add("gradient.features", rows, _backbone.FeatureSize));
}
