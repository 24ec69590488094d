using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace WeightsTools;

/// <summary>What the demonstration tells in the end.</summary>
/// <param name="Models">What can be fused.</param>
/// <param name="Comparisons">Fronts of two tasks, and of three.</param>
/// <param name="Unloaded">One preference as a checkpoint.</param>
/// <param name="Files">What was written.</param>
/// <param name="Elapsed">All in all.</param>
internal sealed record DemoReport(
    DemoModels Models, IReadOnlyList<DemoComparison> Comparisons, UnloadedModel Unloaded, IReadOnlyList<string> Files, TimeSpan Elapsed)
{
    /// <summary>The document of --json.</summary>
    public object Document => new
    {
        Models,
        Fronts = Comparisons.Select(static comparison => new
        {
            comparison.Tasks,
            ExpertAccuracies = comparison.Experts.Select(static (scores, i) => scores[i].Accuracy),
            Methods = comparison.Methods.Select(method => new
            {
                method.Front.Method,
                AccuracyHypervolume = method.Front.AccuracyHypervolume(),
                TrainedParameters = method.Parameters,
                method.Routers,
                method.ConstantRouters,
                TrainingSeconds = method.Training.TotalSeconds,
                Points = method.Front.Points.Select(static point => new
                {
                    point.Preference,
                    Accuracies = point.Scores.Select(static score => score.Accuracy),
                    Losses = point.Scores.Select(static score => score.Loss),
                }),
            }),
        }),
        Unloaded,
        Files,
        ElapsedSeconds = Elapsed.TotalSeconds,
    };

    /// <summary>Tells it to people.</summary>
    public void WriteText(TextWriter writer)
    {
        writer.WriteLine($"Base and {Models.Experts} experts can be fused: {Models.Tensors} tensors of the same names and shapes,");
        writer.WriteLine($"{Quantity.Count(Models.Parameters)} parameters, {Quantity.Bytes(Models.BytesPerModel)} each.");
        foreach (DemoComparison comparison in Comparisons)
        {
            writer.WriteLine();
            WriteComparison(writer, comparison);
        }

        writer.WriteLine();
        writer.WriteLine("Hypervolume: what the front dominates of the unit square or cube; more is better.");
        writer.WriteLine();
        WriteUnloaded(writer);
        writer.WriteLine();
        foreach (string file in Files)
        {
            writer.WriteLine($"wrote {file}");
        }

        writer.WriteLine($"done in {Quantity.Duration(Elapsed)}");
    }

    private static void WriteComparison(TextWriter writer, DemoComparison comparison)
    {
        string[] tasks = [.. comparison.Tasks];
        writer.WriteLine($"One network for {string.Join(", ", tasks[..^1])} and {tasks[^1]}");
        writer.WriteLine();
        Table table = new Table().Words("accuracy at equal preference").Numbers("hypervolume");
        foreach (string task in tasks)
        {
            table.Numbers(task);
        }

        table.Numbers("trained").Numbers("time");
        table.Add(
        [
            $"{tasks.Length} separate experts",
            string.Empty,
            .. comparison.Experts.Select(static (scores, i) => Figure(scores[i].Accuracy)),
            string.Empty,
            string.Empty,
        ]);
        string[] names = ["task arithmetic, 0.3", "soup", "paper's routers, MLPs", "residual routers, by row"];
        foreach ((string name, TrainedFront method) in names.Zip(comparison.Methods))
        {
            bool trained = method.Parameters > 0;
            table.Add(
            [
                name,
                Figure(method.Front.AccuracyHypervolume()),
                .. method.Front.AtEqualPreference!.Scores.Select(static score => Figure(score.Accuracy)),
                trained ? Quantity.Count(method.Parameters) : "none",
                trained ? Quantity.Duration(method.Training) : string.Empty,
            ]);
        }

        table.WriteText(writer);
        TrainedFront paper = comparison.Paper;
        if (paper.ConstantRouters > 0)
        {
            writer.WriteLine();
            writer.WriteLine(
                $"{paper.ConstantRouters} of the paper's {paper.Routers} routers died in training: they ignore the preference.");
        }
    }

    private static string Figure(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private void WriteUnloaded(TextWriter writer)
    {
        string preference = string.Join(", ", Unloaded.Preference.Select(static r => r.ToString("0.##", CultureInfo.InvariantCulture)));
        writer.WriteLine(
            $"Preference ({preference}) unloaded into an ordinary checkpoint, {Quantity.Bytes(Unloaded.Bytes)}, and loaded again");
        writer.WriteLine();
        Table table = new Table().Words("task").Numbers("fused").Numbers("loaded");
        for (int i = 0; i < Unloaded.Fused.Count; i++)
        {
            table.Add(Comparisons[^1].Tasks[i], Figure(Unloaded.Fused[i].Accuracy), Figure(Unloaded.Loaded[i].Accuracy));
        }

        table.WriteText(writer);
    }
}
