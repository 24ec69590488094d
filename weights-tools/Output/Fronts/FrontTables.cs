using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace WeightsTools;

/// <summary>Tables of a reported front, for a terminal or as markdown.</summary>
internal static class FrontTables
{
    /// <summary>One row per method: hypervolumes, and accuracy at the equal preference as a share of the experts'.</summary>
    public static Table Methods(FrontReport report)
    {
        Table table = new Table()
            .Words("method").Numbers("networks").Numbers("HV accuracy").Numbers("HV loss").Numbers("accuracy / expert");
        foreach (ReportedMethod method in report.Methods)
        {
            table.Add(
                method.Name,
                Quantity.Count(method.Points.Count),
                Number(method.AccuracyHypervolume),
                Number(method.LossHypervolume),
                Number(method.NormalizedAccuracy));
        }

        return table;
    }

    /// <summary>One row per task: the reference point, and what its own expert reaches.</summary>
    public static Table Tasks(FrontReport report)
    {
        Table table = new Table().Words("task").Numbers("reference loss").Numbers("expert's loss").Numbers("expert's accuracy");
        foreach (ReportedTask task in report.Tasks)
        {
            table.Add(task.Name, Number(task.ReferenceLoss), Number(task.Expert.Loss), Number(task.Expert.Accuracy));
        }

        return table;
    }

    /// <summary>One row per network of a method: preference, loss and accuracy of every task; a star if none of the others dominates
    /// it.</summary>
    public static Table Points(FrontReport report, ReportedMethod method)
    {
        Table table = new();
        foreach (ReportedTask task in report.Tasks)
        {
            table.Numbers($"r {task.Name}");
        }

        foreach (ReportedTask task in report.Tasks)
        {
            table.Numbers($"{task.Name} loss");
            _ = task.HasAccuracy ? table.Numbers($"{task.Name} acc") : table;
        }

        table.Words("best");
        foreach (ReportedPoint point in method.Points)
        {
            List<string> cells = [.. report.Tasks.Select((_, t) => Number(point.Preference?[t]))];
            for (int t = 0; t < report.Tasks.Count; t++)
            {
                cells.Add(Number(point.Scores[t].Loss));
                if (report.Tasks[t].HasAccuracy)
                {
                    cells.Add(Number(point.Scores[t].Accuracy));
                }
            }

            cells.Add(point.NonDominatedAccuracy ?? point.NonDominatedLoss ? "*" : string.Empty);
            table.Add([.. cells]);
        }

        return table;
    }

    private static string Number(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";
}
