using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>Scores the networks of a grid of preferences on the tasks' test data.</summary>
public sealed class FrontEvaluator
{
    private readonly IReadOnlyList<SupervisedTask> _tasks;
    private readonly TaskEvaluator _evaluator;

    /// <summary>Creates an evaluator.</summary>
    /// <param name="backbone">The network that fusions write into.</param>
    /// <param name="tasks">With test data.</param>
    /// <param name="batchSize">Samples per forward pass.</param>
    public FrontEvaluator(Backbone backbone, IReadOnlyList<SupervisedTask> tasks, int batchSize = 64)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        _tasks = tasks;
        _evaluator = new TaskEvaluator(backbone, batchSize);
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
    public TaskScore[] Score() => [.. _tasks.Select(_evaluator.Score)];
}
