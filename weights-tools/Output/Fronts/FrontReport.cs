using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Engine.Fusion;
using Engine.Models;

namespace WeightsTools;

/// <summary>Fronts of several methods over the same tasks: what `pareto evaluate` measures, and front.json holds.</summary>
/// <param name="Tasks">In the order of preferences and scores.</param>
/// <param name="PointsPerEdge">Of the grid of preferences.</param>
/// <param name="Methods">The trained routers first.</param>
internal sealed record FrontReport(IReadOnlyList<ReportedTask> Tasks, int PointsPerEdge, IReadOnlyList<ReportedMethod> Methods)
{
    /// <summary>Usual name of the file.</summary>
    public const string FileName = "front.json";

    /// <summary>Reads a front.json.</summary>
    /// <param name="path">The file, or the folder that holds it.</param>
    /// <exception cref="DataException">The file is missing or malformed.</exception>
    public static FrontReport Read(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        FrontReport report = JsonOutput.Read<FrontReport>(file);
        bool complete = report.Tasks is { Count: > 0 } && report.Methods is { Count: > 0 }
            && report.Methods.All(method =>
                method.Points is { Count: > 0 } && method.Points.All(point => point.Scores?.Count == report.Tasks.Count));
        return complete ? report : throw new DataException($"{file}: expected tasks, and methods whose points have one score per task.");
    }

    /// <summary>Writes the report atomically.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void Write(string path) => AtomicFile.WriteText(path, JsonOutput.Serialize(this) + "\n");

    /// <summary>Measures a front.</summary>
    /// <param name="front">Scores over a grid.</param>
    /// <param name="role">What the method is among the others.</param>
    /// <param name="tasks">With reference losses and experts' scores.</param>
    /// <param name="name">Instead of the front's own.</param>
    public static ReportedMethod Measure(Front front, SeriesRole role, IReadOnlyList<ReportedTask> tasks, string? name = null)
    {
        bool hasAccuracy = tasks.All(static task => task.HasAccuracy);
        bool dependsOnPreference = role is SeriesRole.Method or SeriesRole.Baseline;
        bool[] byLoss = NonDominated.Mask(Objectives(front, static score => score.Loss), OptimizationSense.Minimize);
        bool[] byAccuracy = NonDominated.Mask(Objectives(front, static score => score.Accuracy), OptimizationSense.Maximize);
        return new ReportedMethod(
            name ?? front.Method,
            role,
            front.LossHypervolume([.. tasks.Select(static task => task.ReferenceLoss)]),
            hasAccuracy ? front.AccuracyHypervolume() : null,
            hasAccuracy && role != SeriesRole.Expert
                ? front.NormalizedAccuracyAtEqualPreference([.. tasks.Select(static task => task.Expert.Accuracy!.Value)])
                : null,
            [.. front.Points.Select((point, i) => new ReportedPoint(
                dependsOnPreference ? point.Preference : null,
                [.. point.Scores.Select((score, t) => Score(score, tasks[t].Objective))],
                byLoss[i],
                hasAccuracy ? byAccuracy[i] : null))]);
    }

    /// <summary>A score as it is reported.</summary>
    public static ReportedScore Score(TaskScore score, Objective objective) =>
        new(score.Loss, objective == Objective.Regression ? null : score.Accuracy);

    private static double[][] Objectives(Front front, Func<TaskScore, double> objective) =>
        [.. front.Points.Select(point => point.Scores.Select(objective).ToArray())];
}
