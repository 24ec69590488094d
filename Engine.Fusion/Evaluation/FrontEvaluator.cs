using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>Scores the networks of a grid of preferences on the tasks' test data.</summary>
public sealed class FrontEvaluator
{
    // Of the entries of a preference: multiples of 1 / (m - 1) that equal 1 / T differ from it in their last bits.
    private const double RoundingError = 1e-12;

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

    /// <summary>Scores the networks of all preferences of a grid, and that of the equal preference where the grid lacks it.</summary>
    /// <param name="fusion">Makes the networks.</param>
    /// <param name="grid">Preferences [T].</param>
    /// <param name="onPoint">Called after every point of the grid with the number of points done.</param>
    public Front Evaluate(IFusion fusion, IReadOnlyList<double[]> grid, Action<int>? onPoint = null)
    {
        ArgumentNullException.ThrowIfNull(fusion);
        ArgumentNullException.ThrowIfNull(grid);
        List<FrontPoint> points = [];
        foreach (double[] preference in grid)
        {
            points.Add(Score(fusion, preference));
            onPoint?.Invoke(points.Count);
        }

        double equal = 1.0 / _tasks.Count;
        FrontPoint? inGrid = points.Find(point => point.Preference.All(r => Math.Abs(r - equal) < RoundingError));
        return new Front(
            fusion.Name,
            [.. _tasks.Select(static task => task.Name)],
            points,
            inGrid ?? Score(fusion, [.. _tasks.Select(_ => equal)]));
    }

    /// <summary>Scores the backbone's present weights on every task.</summary>
    public TaskScore[] Score() => [.. _tasks.Select(_evaluator.Score)];

    private FrontPoint Score(IFusion fusion, double[] preference)
    {
        fusion.Apply(Array.ConvertAll(preference, static r => (float)r));
        return new FrontPoint(preference, Score());
    }
}
