using System;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>Labels or targets of a batch's rows and the losses of these rows, computed for any stretch of rows at a time.</summary>
internal sealed class RowLosses : IDisposable
{
    private readonly IBackend _backend;
    private readonly Objective _objective;
    private readonly int _classes;
    private readonly ActivationPlan _plan;
    private int[] _labels = [];
    private int[] _found = [];
    private double[] _losses = [];
    private TensorRef _labelTensor;
    private TensorRef _targetTensor;
    private TensorRef _lossTensor;
    private TensorRef _argMax;

    /// <param name="backend">Computes.</param>
    /// <param name="objective">What is compared.</param>
    /// <param name="classes">K, columns of the logits.</param>
    public RowLosses(IBackend backend, Objective objective, int classes)
    {
        _backend = backend;
        _objective = objective;
        _classes = classes;
        _plan = new ActivationPlan(backend, "loss");
    }

    /// <summary>Rows of the batch that count.</summary>
    public int Counted { get; private set; }

    /// <summary>Mean loss of the rows that count, once all have been computed: summed in order, whatever the stretches were.</summary>
    public double Mean
    {
        get
        {
            _backend.Download<double>(_lossTensor, _losses);
            double sum = 0;
            foreach (double loss in _losses)
            {
                sum += loss;
            }

            return sum / Counted;
        }
    }

    /// <summary>Takes over labels or targets.</summary>
    /// <param name="batch">Holds them.</param>
    /// <param name="rows">Rows of logits that the batch has.</param>
    /// <exception cref="DataException">A label is out of range, or no row counts.</exception>
    public void Begin(Batch batch, int rows)
    {
        if (rows != _labels.Length)
        {
            Plan(rows);
        }

        if (_objective == Objective.Regression)
        {
            _backend.Upload<float>(batch.Targets.AsSpan(0, rows), _targetTensor);
            Counted = rows;
            return;
        }

        if (_objective == Objective.LanguageModeling)
        {
            ShiftLabels(batch, rows / batch.Count);
        }
        else
        {
            batch.Labels.AsSpan(0, rows).CopyTo(_labels);
        }

        Counted = CountLabels();
        _backend.Upload<int>(_labels, _labelTensor);
    }

    /// <summary>Computes the losses of some rows.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="logits">[rows, K].</param>
    /// <param name="gradient">Optional [rows, K]: receives weight * d mean loss / d logits; may be logits itself.</param>
    /// <param name="weight">Factor of the gradient.</param>
    public void Compute(int first, TensorRef logits, TensorRef gradient, double weight)
    {
        TensorRef losses = _lossTensor.SliceColumns(first, logits.Rows);
        if (_objective == Objective.Regression)
        {
            TensorRef targets = _targetTensor.SliceColumns(first, logits.Rows);
            _backend.SquaredError(Flat(logits), targets, losses, Flat(gradient), weight / Counted);
            return;
        }

        _backend.CrossEntropy(new CrossEntropyArgs
        {
            Logits = logits,
            Labels = _labelTensor.SliceColumns(first, logits.Rows),
            Losses = losses,
            Gradient = gradient,
            GradientScale = weight / Counted,
        });
    }

    /// <summary>Counts the rows whose largest logit is the label's; none for regression.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="logits">[rows, K].</param>
    public int CountCorrect(int first, TensorRef logits)
    {
        if (_objective == Objective.Regression)
        {
            return 0;
        }

        int rows = logits.Rows;
        TensorRef argMax = _argMax.SliceColumns(first, rows);
        _backend.ArgMax(logits, argMax);
        _backend.Download(argMax, _found.AsSpan(0, rows));
        int correct = 0;
        for (int i = 0; i < rows; i++)
        {
            correct += _found[i] == _labels[first + i] ? 1 : 0;
        }

        return correct;
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    private static TensorRef Flat(TensorRef tensor) => tensor.IsNone ? tensor : tensor.Reshape(new Shape((int)tensor.ElementCount));

    // A method of its own: the closure is allocated on entry, and most batches need no plan.
    private void Plan(int rows)
    {
        _plan.Build(plan =>
        {
            _labelTensor = plan.Add("labels", DType.I32, new Shape(rows));
            _targetTensor = plan.Add("targets", rows);
            _lossTensor = plan.Add("losses", rows);
            _argMax = plan.Add("predictions", DType.I32, new Shape(rows));
        });
        _labels = new int[rows];
        _found = new int[rows];
        _losses = new double[rows];
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

    private int CountLabels()
    {
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

        return counted > 0 ? counted : throw new DataException("No label of the batch counts: all are to be ignored.");
    }
}
