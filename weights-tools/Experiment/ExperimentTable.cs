using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace WeightsTools;

/// <summary>Means and standard deviations over seeds beside the figures measured elsewhere, a table per combination of tasks.</summary>
internal static class ExperimentTable
{
    /// <summary>The table of one combination; methods without results are left out.</summary>
    public static Table Create(ExperimentRecipe recipe, string combination, IReadOnlyList<ExperimentResult> results)
    {
        Table table = new Table().Words("method")
            .Numbers("HV accuracy").Numbers("recorded").Numbers("HV loss").Numbers("recorded").Numbers("at equal r").Numbers("recorded")
            .Numbers("dead routers").Numbers("parameters").Numbers("ms/step").Numbers("seeds");
        foreach (ExperimentMethod method in recipe.Methods)
        {
            ExperimentResult[] runs = [.. results.Where(result => result.Method == method.Name && result.Tasks == combination)];
            if (runs.Length == 0)
            {
                continue;
            }

            ExperimentAnchor? anchor = method.Anchors.FirstOrDefault(candidate => candidate.Tasks == combination);
            bool trained = runs[0].Parameters > 0;
            table.Add(
                method.Name,
                Spread(runs, static run => run.AccuracyHypervolume),
                anchor is null ? string.Empty : Spread(anchor.AccuracyHypervolume, anchor.Deviation),
                Spread(runs, static run => run.LossHypervolume),
                anchor?.LossHypervolume is double loss ? Spread(loss, null) : string.Empty,
                Spread(runs, static run => run.NormalizedAccuracy),
                anchor?.NormalizedAccuracy is double atEqual ? Spread(atEqual, null) : string.Empty,
                trained ? $"{runs.Sum(static run => run.DeadRouters)} of {runs.Sum(static run => run.Routers)}" : string.Empty,
                trained ? Quantity.Count(runs[0].Parameters) : string.Empty,
                trained ? Quantity.Significant(runs.Average(static run => run.MillisecondsPerStep)) : string.Empty,
                trained ? runs.Length.ToString(CultureInfo.InvariantCulture) : string.Empty);
        }

        return table;
    }

    private static string Spread(ExperimentResult[] runs, Func<ExperimentResult, double> figure)
    {
        double mean = runs.Average(figure);
        return Spread(mean, runs.Length > 1 ? Math.Sqrt(runs.Sum(run => Math.Pow(figure(run) - mean, 2)) / (runs.Length - 1)) : null);
    }

    private static string Spread(double mean, double? deviation) => deviation is double spread
        ? string.Create(CultureInfo.InvariantCulture, $"{mean:0.000} ± {spread:0.000}")
        : mean.ToString("0.000", CultureInfo.InvariantCulture);
}
