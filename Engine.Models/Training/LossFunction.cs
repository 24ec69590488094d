using System;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>Computes the mean loss of a batch and, if asked, its gradient with respect to the logits.</summary>
public sealed class LossFunction : IDisposable
{
    private readonly IBackend _backend;
    private readonly ActivationPlan _plan;
    private readonly int _classes;
    private int[] _labels = [];
    private double[] _losses = [];
    private TensorRef _labelTensor;
    private TensorRef _targetTensor;
    private TensorRef _lossTensor;
    private TensorRef _argMax;
    private int _plannedRows = -1;

    /// <summary>Creates the function.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="objective">What is compared.</param>
    /// <param name="classes">K, columns of the logits.</param>
    public LossFunction(IBackend backend, Objective objective, int classes)
    {
        _backend = backend;
        Objective = objective;
        _classes = classes;
        _plan = new ActivationPlan(backend, "loss");
    }

    /// <summary>What is compared.</summary>
    public Objective Objective { get; }

    /// <summary>Mean loss over the rows that count.</summary>
    /// <param name="logits">[R, K].</param>
    /// <param name="batch">Holds the labels or targets of these R rows.</param>
    /// <param name="gradient">Optional [R, K]: receives weight * d mean loss / d logits; may be logits itself.</param>
    /// <param name="weight">Factor of the gradient, not of the returned loss.</param>
    /// <exception cref="DataException">A label is out of range, or no row counts.</exception>
    public double Compute(TensorRef logits, Batch batch, TensorRef gradient = default, double weight = 1)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int rows = logits.Rows;
        Prepare(rows);
        int counted = Objective == Objective.Regression ? UploadTargets(batch, rows) : UploadLabels(batch, rows);
        if (Objective == Objective.Regression)
        {
            _backend.SquaredError(Flat(logits), _targetTensor, _lossTensor, Flat(gradient), weight / counted);
        }
        else
        {
            _backend.CrossEntropy(new CrossEntropyArgs
            {
                Logits = logits,
                Labels = _labelTensor,
                Losses = _lossTensor,
                Gradient = gradient,
                GradientScale = weight / counted,
            });
        }

        return SumOfLosses(rows) / counted;
    }

    /// <summary>Sum of the losses, number of correct rows and number of rows that count, for evaluations over many batches.</summary>
    /// <param name="logits">[R, K].</param>
    /// <param name="batch">Holds the labels of these R rows.</param>
    public (double LossSum, int Correct, int Counted) Evaluate(TensorRef logits, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        double mean = Compute(logits, batch);
        int rows = logits.Rows;
        if (Objective == Objective.Regression)
        {
            return (mean * rows, 0, rows);
        }

        _backend.ArgMax(logits, _argMax);
        Span<int> found = rows <= 4096 ? stackalloc int[rows] : new int[rows];
        _backend.Download(_argMax, found);
        int correct = 0;
        int counted = 0;
        for (int i = 0; i < rows; i++)
        {
            counted += _labels[i] != CrossEntropyArgs.IgnoreLabel ? 1 : 0;
            correct += found[i] == _labels[i] ? 1 : 0;
        }

        return (mean * counted, correct, counted);
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    private static TensorRef Flat(TensorRef tensor) => tensor.IsNone ? tensor : tensor.Reshape(new Shape((int)tensor.ElementCount));

    private void Prepare(int rows)
    {
        if (rows == _plannedRows)
        {
            return;
        }

        Plan(rows);
        _plannedRows = rows;
        _labels = new int[rows];
        _losses = new double[rows];
    }

    // A method of its own: the closure is allocated on entry, and most batches need no plan.
    private void Plan(int rows) => _plan.Build(plan =>
    {
        _labelTensor = plan.Add("labels", DType.I32, new Shape(rows));
        _targetTensor = plan.Add("targets", rows);
        _lossTensor = plan.Add("losses", rows);
        _argMax = plan.Add("predictions", DType.I32, new Shape(rows));
    });

    private int UploadTargets(Batch batch, int rows)
    {
        _backend.Upload<float>(batch.Targets.AsSpan(0, rows), _targetTensor);
        return rows;
    }

    private int UploadLabels(Batch batch, int rows)
    {
        if (Objective == Objective.LanguageModeling)
        {
            ShiftLabels(batch, rows / batch.Count);
        }
        else
        {
            batch.Labels.AsSpan(0, rows).CopyTo(_labels);
        }

        int counted = 0;
        foreach (int label in _labels)
        {
            if (label == CrossEntropyArgs.IgnoreLabel)
            {
                continue;
            }

            if ((uint)label >= (uint)_classes)
            {
                throw new DataException($"A label is {label}; expected 0 to {_classes - 1}, or {CrossEntropyArgs.IgnoreLabel} to ignore.");
            }

            counted++;
        }

        if (counted == 0)
        {
            throw new DataException("No label of the batch counts: all are to be ignored.");
        }

        _backend.Upload<int>(_labels, _labelTensor);
        return counted;
    }

    /// <summary>Token t is asked for the label of token t + 1; the last one, and padding of a joint batch, for nothing.</summary>
    private void ShiftLabels(Batch batch, int rowsPerSample)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            Span<int> labels = _labels.AsSpan(i * rowsPerSample, rowsPerSample);
            batch.Labels.AsSpan((i * batch.Tokens) + 1, batch.Tokens - 1).CopyTo(labels);
            labels[(batch.Tokens - 1)..].Fill(CrossEntropyArgs.IgnoreLabel);
        }
    }

    private double SumOfLosses(int rows)
    {
        _backend.Download<double>(_lossTensor, _losses);
        double sum = 0;
        for (int i = 0; i < rows; i++)
        {
            sum += _losses[i];
        }

        return sum;
    }
}
