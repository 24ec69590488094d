using System;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// The mean loss of a batch under a head, from logits that are there or from features. From features it works through stretches of rows:
/// head, loss and the head's backward pass of one, then the next in the same memory. The logits of a vocabulary never exist whole
/// (for GPT-2 they and their gradient exceed everything that the blocks keep), while those of a classifier fit in a single stretch.
/// </summary>
public sealed class LossFunction : IDisposable
{
    /// <summary>Most bytes of logits at a time: 260 rows of GPT-2's vocabulary. Every stretch reads the token table twice and adds to
    /// its gradient, which costs time (measured with 1024 rows: half as many at a time take 7 % longer, all at once 4 % less).</summary>
    public const long DefaultLogitBytes = 50 << 20;

    private readonly Head _head;
    private readonly RowLosses _rows;
    private readonly ActivationPlan _plan;
    private readonly int _mostRows;
    private TensorRef _logitsGradient;
    private int _plannedRows = -1;

    /// <summary>Creates the function.</summary>
    /// <param name="head">From features to logits; stays with the caller.</param>
    /// <param name="objective">What is compared.</param>
    /// <param name="logitBytes">Most bytes of logits at a time; at least one row is computed.</param>
    public LossFunction(Head head, Objective objective, long logitBytes = DefaultLogitBytes)
    {
        ArgumentNullException.ThrowIfNull(head);
        _head = head;
        Objective = objective;
        _rows = new RowLosses(head.Backend, objective, head.Classes);
        _plan = new ActivationPlan(head.Backend, "gradient of logits");
        _mostRows = (int)Math.Clamp(logitBytes / ((long)head.Classes * head.Backend.Info.ComputeType.SizeInBytes()), 1, int.MaxValue);
    }

    /// <summary>What is compared.</summary>
    public Objective Objective { get; }

    /// <summary>Mean loss over the rows that count, from logits.</summary>
    /// <param name="logits">[R, K].</param>
    /// <param name="batch">Holds the labels or targets of these R rows.</param>
    /// <param name="gradient">Optional [R, K]: receives d mean loss / d logits; may be logits itself.</param>
    /// <exception cref="DataException">A label is out of range, or no row counts.</exception>
    public double Compute(TensorRef logits, Batch batch, TensorRef gradient = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _rows.Begin(batch, logits.Rows);
        _rows.Compute(0, logits, gradient, weight: 1);
        return _rows.Mean;
    }

    /// <summary>Mean loss over the rows that count, from features, with the gradients of the features and those that the head was asked
    /// for.</summary>
    /// <param name="features">[R, C].</param>
    /// <param name="batch">Holds the labels or targets of these R rows.</param>
    /// <param name="featureGradient">Receives weight * d mean loss / d features [R, C].</param>
    /// <param name="weight">Factor of all gradients, not of the returned loss.</param>
    /// <param name="accumulate">Add to the head's gradients instead of overwriting them.</param>
    /// <exception cref="DataException">A label is out of range, or no row counts.</exception>
    public double ForwardBackward(TensorRef features, Batch batch, TensorRef featureGradient, double weight = 1, bool accumulate = false)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _rows.Begin(batch, features.Rows);
        int stretches = Stretches(features.Rows);
        for (int i = 0; i < stretches; i++)
        {
            (int first, int count) = Stretch(features.Rows, i, stretches);
            TensorRef x = features.SliceRows(first, count);
            TensorRef logits = _head.Forward(x);
            TensorRef gradient = LogitsGradient(count);
            _rows.Compute(first, logits, gradient, weight);
            _head.Backward(x, gradient, featureGradient.SliceRows(first, count), accumulate || i > 0);
        }

        return _rows.Mean;
    }

    /// <summary>Mean loss over the rows that count, number of correct rows and of rows that count.</summary>
    /// <param name="features">[R, C].</param>
    /// <param name="batch">Holds the labels or targets of these R rows.</param>
    /// <exception cref="DataException">A label is out of range, or no row counts.</exception>
    public (double MeanLoss, int Correct, int Counted) Evaluate(TensorRef features, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _rows.Begin(batch, features.Rows);
        int correct = 0;
        int stretches = Stretches(features.Rows);
        for (int i = 0; i < stretches; i++)
        {
            (int first, int count) = Stretch(features.Rows, i, stretches);
            TensorRef logits = _head.Forward(features.SliceRows(first, count));
            _rows.Compute(first, logits, gradient: default, weight: 1);
            correct += _rows.CountCorrect(first, logits);
        }

        return (_rows.Mean, correct, _rows.Counted);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _plan.Dispose();
    }

    /// <summary>One stretch of rows; their sizes differ by one row at most.</summary>
    private static (int First, int Count) Stretch(int rows, int index, int stretches)
    {
        int first = (int)((long)rows * index / stretches);
        return (first, (int)((long)rows * (index + 1) / stretches) - first);
    }

    private int Stretches(int rows) => (int)(((long)rows + _mostRows - 1) / _mostRows);

    private TensorRef LogitsGradient(int rows)
    {
        if (rows > _plannedRows)
        {
            Plan(rows);
            _plannedRows = rows;
        }

        return _logitsGradient.SliceRows(0, rows);
    }

    // A method of its own: the closure is allocated on entry, and most passes need no plan.
    private void Plan(int rows) => _plan.Build(plan => _logitsGradient = plan.Add("gradient.logits", rows, _head.Classes));
}
