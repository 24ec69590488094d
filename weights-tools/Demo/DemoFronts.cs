using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Engine.Fusion;
using Engine.Models;

namespace WeightsTools;

/// <summary>Trains routers on some tasks and scores their networks beside those that need no training.</summary>
internal sealed class DemoFronts : IDisposable
{
    private const int EvaluationBatch = 250;

    private readonly CommandContext _context;
    private readonly FusionWorkspace _models;
    private readonly DemoPlan _plan;
    private readonly FrontEvaluator _evaluator;
    private readonly IReadOnlyList<double[]> _grid;

    public DemoFronts(CommandContext context, FusionWorkspace models, DemoPlan plan)
    {
        _context = context;
        _models = models;
        _plan = plan;
        _evaluator = new FrontEvaluator(models.Backbone, models.Tasks, EvaluationBatch);
        _grid = SimplexGrid.Generate(models.Tasks.Count, DemoPlan.PointsPerEdge(models.Tasks.Count));
        Residual = new RoutedFusion(models.Ensemble, DemoPlan.Residual);
    }

    /// <summary>The residual routers, trained by <see cref="Compare"/>.</summary>
    public RoutedFusion Residual { get; }

    /// <summary>Trains and scores everything.</summary>
    public DemoComparison Compare()
    {
        List<TaskScore[]> experts = [];
        for (int i = 0; i < _models.Tasks.Count; i++)
        {
            _models.ApplyExpert(i);
            experts.Add(_evaluator.Score());
        }

        using UniformFusion arithmetic = UniformFusion.TaskArithmetic(_models.Ensemble, DemoPlan.Lambda);
        using UniformFusion soup = UniformFusion.Soup(_models.Ensemble);
        using RoutedFusion paper = new(_models.Ensemble, DemoPlan.Paper);
        double[] equal = [.. _models.Tasks.Select(_ => 1.0 / _models.Tasks.Count)];
        TrainedFront arithmeticFront = TrainedFront.Untrained(_evaluator.Evaluate(arithmetic, [equal]));
        TrainedFront soupFront = TrainedFront.Untrained(Evaluate(soup));
        return new DemoComparison(
            _models.File.Names,
            experts,
            arithmeticFront,
            soupFront,
            TrainAndEvaluate(paper, "paper's"),
            TrainAndEvaluate(Residual, "residual"));
    }

    /// <summary>Scores the backbone's present weights.</summary>
    public TaskScore[] Score() => _evaluator.Score();

    /// <inheritdoc/>
    public void Dispose() => Residual.Dispose();

    private TrainedFront TrainAndEvaluate(RoutedFusion fusion, string whose)
    {
        long start = Stopwatch.GetTimestamp();
        using (RouterTrainer trainer = new(fusion, _models.Tasks, new RouterTrainingSettings
        {
            Steps = _plan.Steps,
            LearningRate = RouterTrainingSettings.DefaultLearningRate(fusion.Settings.Granularity),
        }))
        using (Progress progress = _context.StartProgress(
            $"training the {whose} routers on {string.Join(", ", _models.File.Names)}", _plan.Steps, "steps"))
        {
            while (trainer.Step < _plan.Steps)
            {
                _context.Cancellation.ThrowIfCancellationRequested();
                trainer.TrainStep();
                progress.Report(trainer.Step);
            }
        }

        TimeSpan training = Stopwatch.GetElapsedTime(start);
        fusion.Invalidate();
        return new TrainedFront(
            Evaluate(fusion),
            fusion.Routers.ParameterCount,
            training,
            fusion.Routers.Slots.Count,
            fusion.Routers.ConstantGroups(fusion.Parameters).Count);
    }

    private Front Evaluate(IFusion fusion)
    {
        using Progress progress = _context.StartProgress($"scoring the front, {fusion.Name}", _grid.Count, "networks");
        return _evaluator.Evaluate(fusion, _grid, done =>
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            progress.Report(done);
        });
    }
}
