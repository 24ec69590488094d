using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.Fusion;

/// <summary>The scores of all tasks over a grid of preferences.</summary>
/// <param name="Method">What made the networks, for tables and plots.</param>
/// <param name="Tasks">Names in the order of preferences and scores.</param>
/// <param name="Points">One per preference.</param>
/// <param name="AtEqualPreference">The network of the equal preference, whether the grid holds it or not (a grid of three tasks with eleven
/// points per edge does not); null for networks that no preference made.</param>
public sealed record Front(
    string Method, IReadOnlyList<string> Tasks, IReadOnlyList<FrontPoint> Points, FrontPoint? AtEqualPreference = null)
{
    /// <summary>Hypervolume of the accuracies with reference point 0: 1 for a network that is perfect on every task.</summary>
    public double AccuracyHypervolume() => Hypervolume.Of(
        [.. Points.Select(static point => point.Scores.Select(static score => score.Accuracy).ToArray())],
        new double[Tasks.Count],
        OptimizationSense.Maximize);

    /// <summary>Hypervolume of the losses, divided by that of the whole box between 0 and the reference point.</summary>
    /// <param name="reference">One loss per task, for example ln(classes).</param>
    public double LossHypervolume(IReadOnlyList<double> reference) => Hypervolume.Of(
        [.. Points.Select(static point => point.Scores.Select(static score => score.Loss).ToArray())],
        reference.ToArray(),
        OptimizationSense.Minimize) / reference.Aggregate(1.0, static (product, value) => product * value);

    /// <summary>Mean over the tasks of accuracy over the expert's accuracy at the equal preference.</summary>
    /// <param name="expertAccuracies">Accuracy of every expert on its own task.</param>
    /// <exception cref="InvalidOperationException">The equal preference was not scored.</exception>
    public double NormalizedAccuracyAtEqualPreference(IReadOnlyList<double> expertAccuracies)
    {
        FrontPoint point = AtEqualPreference
            ?? throw new InvalidOperationException($"The front of '{Method}' has no score at the equal preference.");
        return point.Scores.Zip(expertAccuracies, static (score, expert) => score.Accuracy / expert).Average();
    }
}
