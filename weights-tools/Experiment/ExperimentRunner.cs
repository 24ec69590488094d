using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Engine.Fusion;
using Engine.Models;

namespace WeightsTools;

/// <summary>Trains and measures single methods on one combination of tasks.</summary>
internal sealed class ExperimentRunner
{
    private const int EvaluationBatch = 250;

    private readonly ExperimentRecipe _recipe;
    private readonly FusionWorkspace _models;
    private readonly string _combination;
    private readonly FrontEvaluator _evaluator;
    private readonly IReadOnlyList<double[]> _grid;
    private readonly double[] _equal;
    private readonly double[] _expertAccuracies;

    public ExperimentRunner(ExperimentRecipe recipe, string combination, FusionWorkspace models)
    {
        _recipe = recipe;
        _models = models;
        _combination = combination;
        _grid = SimplexGrid.Generate(models.Tasks.Count, recipe.PointsPerEdge);
        _equal = [.. models.Tasks.Select(_ => 1.0 / models.Tasks.Count)];
        _evaluator = new FrontEvaluator(models.Backbone, models.Tasks, EvaluationBatch);
        _expertAccuracies = [.. models.Tasks.Select((_, i) => ScoreExpert(i).Accuracy)];
    }

    /// <summary>Runs a method once.</summary>
    /// <param name="method">The method.</param>
    /// <param name="seed">Ignored by methods without training.</param>
    /// <param name="onStep">Called after every step.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public ExperimentResult Run(
        ExperimentMethod method, ulong seed, Action<int>? onStep, CancellationToken cancellation) => method.Family switch
    {
        FusionFamily.Soup => RunSoup(method),
        FusionFamily.TaskArithmetic => method.Lambdas.Select(lambda => RunTaskArithmetic(method, lambda))
            .MaxBy(static result => result.AccuracyHypervolume)
            ?? throw new DataException($"Method '{method.Name}': expected lambdas, found none."),
        _ => RunRouted(method, seed, onStep, cancellation),
    };

    private TaskScore ScoreExpert(int task)
    {
        _models.ApplyExpert(task);
        return _evaluator.Score()[task];
    }

    private ExperimentResult RunSoup(ExperimentMethod method)
    {
        using UniformFusion soup = UniformFusion.Soup(_models.Ensemble);
        return Measure(method, null, soup, _grid);
    }

    private ExperimentResult RunTaskArithmetic(ExperimentMethod method, float lambda)
    {
        using UniformFusion fusion = UniformFusion.TaskArithmetic(_models.Ensemble, lambda);
        return Measure(method, null, fusion, [_equal]);
    }

    private ExperimentResult RunRouted(ExperimentMethod method, ulong seed, Action<int>? onStep, CancellationToken cancellation)
    {
        using RoutedFusion fusion = new(_models.Ensemble, method.Routers);
        using RouterTrainer trainer = new(fusion, _models.Tasks, new RouterTrainingSettings
        {
            Steps = _recipe.Steps,
            BatchSize = _recipe.BatchSize,
            LearningRate = method.LearningRate,
            Scalarization = method.Scalarization,
            Seed = seed,
        });
        long start = Stopwatch.GetTimestamp();
        while (trainer.Step < _recipe.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            trainer.TrainStep();
            onStep?.Invoke(trainer.Step);
        }

        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds / _recipe.Steps;
        return Measure(method, seed, fusion, _grid) with
        {
            Routers = fusion.Routers.Slots.Count,
            DeadRouters = fusion.Routers.ConstantGroups(fusion.Parameters).Count,
            Parameters = fusion.Routers.ParameterCount,
            MillisecondsPerStep = milliseconds,
        };
    }

    private ExperimentResult Measure(ExperimentMethod method, ulong? seed, IFusion fusion, IReadOnlyList<double[]> grid)
    {
        Front front = _evaluator.Evaluate(fusion, grid);
        return new ExperimentResult(
            method.Name,
            _combination,
            seed,
            front.AccuracyHypervolume(),
            front.LossHypervolume([.. _models.Tasks.Select(static task => Math.Log(task.Head.Classes))]),
            front.NormalizedAccuracyAtEqualPreference(_expertAccuracies),
            Routers: 0,
            DeadRouters: 0,
            Parameters: 0,
            MillisecondsPerStep: 0);
    }
}
