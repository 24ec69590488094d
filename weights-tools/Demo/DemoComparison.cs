using System.Collections.Generic;
using System.Linq;
using Engine.Models;

namespace WeightsTools;

/// <summary>Fronts of several methods on the same tasks.</summary>
/// <param name="Tasks">Names.</param>
/// <param name="Experts">Score of every expert on every task.</param>
/// <param name="TaskArithmetic">One network, whatever the preference.</param>
/// <param name="Soup">Without training.</param>
/// <param name="Paper">The paper's routers.</param>
/// <param name="Residual">Residual routers.</param>
internal sealed record DemoComparison(
    IReadOnlyList<string> Tasks,
    IReadOnlyList<TaskScore[]> Experts,
    TrainedFront TaskArithmetic,
    TrainedFront Soup,
    TrainedFront Paper,
    TrainedFront Residual)
{
    /// <summary>All methods, the weakest baseline first.</summary>
    public IReadOnlyList<TrainedFront> Methods => [TaskArithmetic, Soup, Paper, Residual];

    /// <summary>Draws the fronts.</summary>
    public ChartImage Draw()
    {
        string tasks = $"{string.Join(", ", Tasks.SkipLast(1))} and {Tasks[^1]}";
        return FrontChart.Draw($"One network with a dial: {tasks}", Tasks,
        [
            new FrontSeries("soup, no training", SeriesRole.Baseline, Points(Soup)),
            new FrontSeries("paper's routers (MLPs)", SeriesRole.Method, Points(Paper)),
            new FrontSeries("residual routers", SeriesRole.Method, Points(Residual)),
            new FrontSeries("task arithmetic, λ = 0.3", SeriesRole.Single, Points(TaskArithmetic)),
            new FrontSeries("experts", SeriesRole.Expert, [.. Experts.Select(static scores => new FrontPoint(Accuracies(scores)))]),
        ]);
    }

    private static IReadOnlyList<FrontPoint> Points(TrainedFront trained) =>
        [.. trained.Front.Points.Select(static point => new FrontPoint(Accuracies(point.Scores), point.Preference))];

    private static double[] Accuracies(IReadOnlyList<TaskScore> scores) => [.. scores.Select(static score => score.Accuracy)];
}
