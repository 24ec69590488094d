using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Engine.Fusion;
using Engine.Models;
using ScoredPoint = Engine.Fusion.FrontPoint;

namespace WeightsTools;

/// <summary>Measures methods over a grid of preferences on a workspace's test data.</summary>
internal sealed class FrontMeasurement
{
    private readonly FusionWorkspace _workspace;
    private readonly FrontEvaluator _evaluator;
    private readonly IReadOnlyList<double[]> _grid;

    /// <summary>Scores the experts, and lays out the grid.</summary>
    /// <param name="workspace">Every task with test data.</param>
    /// <param name="pointsPerEdge">Of the grid.</param>
    /// <exception cref="DataException">A task has no test data.</exception>
    public FrontMeasurement(FusionWorkspace workspace, int pointsPerEdge)
    {
        SupervisedTask? untested = workspace.Tasks.FirstOrDefault(static task => task.Test is null);
        if (untested is not null)
        {
            throw new DataException($"{workspace.File.Origin}: task '{untested.Name}' has no test data.");
        }

        _workspace = workspace;
        _evaluator = new FrontEvaluator(workspace.Backbone, workspace.Tasks);
        _grid = SimplexGrid.Generate(workspace.Tasks.Count, pointsPerEdge);
        TaskEvaluator single = new(workspace.Backbone);
        Tasks = [.. workspace.Tasks.Select((task, t) =>
        {
            workspace.ApplyExpert(t);
            Objective objective = task.Loss.Objective;
            return new ReportedTask(task.Name, objective, ReferenceLoss(task), FrontReport.Score(single.Score(task), objective));
        })];
    }

    /// <summary>The tasks with their experts' scores.</summary>
    public IReadOnlyList<ReportedTask> Tasks { get; }

    /// <summary>Networks of the grid.</summary>
    public int GridCount => _grid.Count;

    /// <summary>Points per edge that keep the grid below a hundred networks.</summary>
    public static int UsualPointsPerEdge(int tasks) => tasks switch
    {
        <= 3 => 11,
        <= 5 => 5,
        _ => 2,
    };

    /// <summary>Measures a method that depends on the preference.</summary>
    /// <param name="fusion">Makes the networks.</param>
    /// <param name="role">What it is among the others.</param>
    /// <param name="onPoint">Called after every network.</param>
    public ReportedMethod Measure(IFusion fusion, SeriesRole role, Action onPoint)
    {
        (fusion as RoutedFusion)?.Invalidate();
        return FrontReport.Measure(_evaluator.Evaluate(fusion, _grid, _ => onPoint()), role, Tasks);
    }

    /// <summary>Measures task arithmetic, one network.</summary>
    /// <param name="lambda">λ.</param>
    public ReportedMethod TaskArithmetic(double lambda)
    {
        using UniformFusion fusion = UniformFusion.TaskArithmetic(_workspace.Ensemble, (float)lambda);
        int count = _workspace.Tasks.Count;
        Front front = _evaluator.Evaluate(fusion, [[.. Enumerable.Repeat(1.0 / count, count)]]);
        return FrontReport.Measure(
            front, SeriesRole.Single, Tasks, $"{fusion.Name} {lambda.ToString("0.0", CultureInfo.InvariantCulture)}");
    }

    /// <summary>The experts, each scored on every task with that task's head.</summary>
    public ReportedMethod Experts()
    {
        List<ScoredPoint> points = [];
        for (int t = 0; t < _workspace.Tasks.Count; t++)
        {
            _workspace.ApplyExpert(t);
            double[] own = new double[_workspace.Tasks.Count];
            own[t] = 1;
            points.Add(new ScoredPoint(own, _evaluator.Score()));
        }

        return FrontReport.Measure(new Front("experts", [.. Tasks.Select(static task => task.Name)], points), SeriesRole.Expert, Tasks);
    }

    private static double ReferenceLoss(SupervisedTask task) =>
        task.Loss.Objective == Objective.Regression ? TargetVariance(task.Test!) : Math.Log(task.Head.Classes);

    private static double TargetVariance(IDataset data)
    {
        Batch batch = data.CreateBatch(1);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < data.Count; i++)
        {
            data.Fill(batch, [i]);
            sum += batch.Targets[0];
            squares += batch.Targets[0] * (double)batch.Targets[0];
        }

        double mean = sum / data.Count;
        return (squares / data.Count) - (mean * mean);
    }
}
