using System;

namespace Engine.Models;

/// <summary>Scores a backbone's present weights on a task's test data.</summary>
public sealed class TaskEvaluator
{
    private readonly Backbone _backbone;
    private readonly int[] _indices;

    /// <summary>Creates an evaluator.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="batchSize">Samples per forward pass.</param>
    public TaskEvaluator(Backbone backbone, int batchSize = 64)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        _backbone = backbone;
        _indices = new int[batchSize];
    }

    /// <summary>Mean loss and accuracy over the whole test data.</summary>
    /// <exception cref="InvalidOperationException">The task has no test data.</exception>
    public TaskScore Score(SupervisedTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        IDataset data = task.Test ?? throw new InvalidOperationException($"Task '{task.Name}' has no test data.");
        Batch batch = data.CreateBatch(_indices.Length);
        double loss = 0;
        long correct = 0;
        long counted = 0;
        for (int start = 0; start < data.Count; start += _indices.Length)
        {
            int count = Math.Min(_indices.Length, data.Count - start);
            for (int i = 0; i < count; i++)
            {
                _indices[i] = start + i;
            }

            data.Fill(batch, _indices.AsSpan(0, count));
            (double mean, int right, int rows) = task.Loss.Evaluate(_backbone.Forward(batch, ForwardMode.Inference), batch);
            loss += mean * rows;
            correct += right;
            counted += rows;
        }

        return new TaskScore(loss / counted, (double)correct / counted);
    }
}
