using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>Scores networks on the tasks' test data.</summary>
public sealed class FrontEvaluator
{
    private readonly Backbone _backbone;
    private readonly IReadOnlyList<FusionTask> _tasks;
    private readonly int[] _indices;

    /// <summary>Creates an evaluator.</summary>
    /// <param name="backbone">The network that fusions write into.</param>
    /// <param name="tasks">With test data.</param>
    /// <param name="batchSize">Samples per forward pass.</param>
    public FrontEvaluator(Backbone backbone, IReadOnlyList<FusionTask> tasks, int batchSize = 64)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        _backbone = backbone;
        _tasks = tasks;
        _indices = new int[batchSize];
    }

    /// <summary>Scores the networks of all preferences of a grid.</summary>
    /// <param name="fusion">Makes the networks.</param>
    /// <param name="grid">Preferences [T].</param>
    /// <param name="onPoint">Called after every point with the number of points done.</param>
    public Front Evaluate(IFusion fusion, IReadOnlyList<double[]> grid, Action<int>? onPoint = null)
    {
        ArgumentNullException.ThrowIfNull(fusion);
        ArgumentNullException.ThrowIfNull(grid);
        List<FrontPoint> points = [];
        foreach (double[] preference in grid)
        {
            fusion.Apply(Array.ConvertAll(preference, static r => (float)r));
            points.Add(new FrontPoint(preference, Score()));
            onPoint?.Invoke(points.Count);
        }

        return new Front(fusion.Name, [.. _tasks.Select(static task => task.Name)], points);
    }

    /// <summary>Scores the backbone's present weights on every task.</summary>
    public TaskScore[] Score() => [.. _tasks.Select(Score)];

    /// <summary>Scores the backbone's present weights on one task.</summary>
    /// <exception cref="InvalidOperationException">The task has no test data.</exception>
    public TaskScore Score(FusionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        IDataset data = task.Test ?? throw new InvalidOperationException($"Task '{task.Name}' has no test data.");
        Batch batch = data.CreateBatch(_indices.Length);
        double loss = 0;
        int correct = 0;
        for (int start = 0; start < data.Count; start += _indices.Length)
        {
            int count = Math.Min(_indices.Length, data.Count - start);
            for (int i = 0; i < count; i++)
            {
                _indices[i] = start + i;
            }

            data.Fill(batch, _indices.AsSpan(0, count));
            TensorRef logits = task.Head.Forward(_backbone.Forward(batch, ForwardMode.Inference));
            (double sum, int right) = task.Loss.Evaluate(logits, batch);
            loss += sum;
            correct += right;
        }

        return new TaskScore(loss / data.Count, (double)correct / data.Count);
    }
}
