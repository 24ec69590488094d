using System.Collections.Generic;
using System.Linq;

namespace WeightsTools;

/// <summary>Charts of a reported front.</summary>
internal static class FrontFigures
{
    /// <summary>True if the front can be drawn: two or three tasks with accuracies.</summary>
    public static bool CanDraw(FrontReport report) =>
        FrontChart.CanDraw(report.Tasks.Count) && report.Tasks.All(static task => task.HasAccuracy);

    /// <summary>Draws all methods.</summary>
    public static ChartImage Draw(FrontReport report, string title) => FrontChart.Draw(
        title,
        [.. report.Tasks.Select(static task => task.Name)],
        [.. report.Methods.Select(static method => new FrontSeries(method.Name, method.Role, Points(method)))]);

    private static IReadOnlyList<FrontPoint> Points(ReportedMethod method) =>
        [.. method.Points.Select(static point =>
            new FrontPoint([.. point.Scores.Select(static score => score.Accuracy!.Value)], point.Preference))];
}
