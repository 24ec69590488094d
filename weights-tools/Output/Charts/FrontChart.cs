using System;
using System.Collections.Generic;
using System.Linq;

namespace WeightsTools;

/// <summary>Draws Pareto fronts: two tasks as curves in the plane of their accuracies, three as triangles of preferences.</summary>
internal static class FrontChart
{
    /// <summary>True if a front over so many tasks can be drawn.</summary>
    public static bool CanDraw(int taskCount) => taskCount is 2 or 3;

    /// <summary>Draws a chart.</summary>
    /// <param name="title">Above everything.</param>
    /// <param name="tasks">Two or three names.</param>
    /// <param name="series">At least one with a point. Every point has an accuracy per task; for three tasks those of methods and baselines
    /// have preferences.</param>
    /// <exception cref="ArgumentException">The points do not fit the tasks.</exception>
    public static ChartImage Draw(string title, IReadOnlyList<string> tasks, IReadOnlyList<FrontSeries> series)
    {
        Check(tasks, series);
        ChartFont.Register();
        return tasks.Count == 2 ? PlaneFrontChart.Draw(title, tasks, series) : TernaryFrontChart.Draw(title, tasks, series);
    }

    private static void Check(IReadOnlyList<string> tasks, IReadOnlyList<FrontSeries> series)
    {
        if (!CanDraw(tasks.Count))
        {
            throw new ArgumentException($"A front over {tasks.Count} tasks cannot be drawn; expected two or three.", nameof(tasks));
        }

        if (!series.Any(s => s.Points.Count > 0))
        {
            throw new ArgumentException("There is no point to draw.", nameof(series));
        }

        foreach (FrontSeries one in series)
        {
            bool needsPreferences = tasks.Count == 3 && one.Role is SeriesRole.Method or SeriesRole.Baseline;
            foreach (FrontPoint point in one.Points)
            {
                if (point.Accuracies.Count != tasks.Count || !point.Accuracies.All(double.IsFinite))
                {
                    throw new ArgumentException($"Series '{one.Name}': a point needs {tasks.Count} finite accuracies.", nameof(series));
                }

                if (point.Preference is null ? needsPreferences : point.Preference.Count != tasks.Count)
                {
                    throw new ArgumentException(
                        $"Series '{one.Name}': a point needs a preference of {tasks.Count} entries.", nameof(series));
                }
            }
        }
    }
}
