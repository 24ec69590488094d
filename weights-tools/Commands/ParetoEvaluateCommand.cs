using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Engine.Fusion;

namespace WeightsTools;

/// <summary>Measures a front beside those that need no training.</summary>
internal sealed class ParetoEvaluateCommand : ToolCommand
{
    private const double UsualLambda = 0.3;

    private readonly Argument<string> _routers = new("routers") { Description = "Folder of a training, or its routers.safetensors" };
    private readonly TaskOptions _tasks;

    private readonly Option<int?> _grid = NumericOption.CreateOptional(
        "--grid", "Preferences per edge of the simplex [default: 11 for 2 and 3 tasks, 5 for 4 and 5]", 2);

    private readonly Option<bool> _sweep = new("--sweep") { Description = "Also search task arithmetic's best λ in 0, 0.1, ..., 1" };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "File to write [default: front.json beside the routers]",
        HelpName = "FILE",
    };

    private readonly BackendOptions _backend;

    public ParetoEvaluateCommand()
        : base("evaluate", "Score the whole front on test data, beside the soup, task arithmetic and the experts")
    {
        Add(_routers);
        _tasks = new TaskOptions(this);
        Add(_grid);
        Add(_sweep);
        Add(_output);
        _backend = new BackendOptions(this);
    }

    /// <inheritdoc/>
    public override string Explanation =>
        "Merges the network of every preference of a grid and scores it on all tasks, each with its own head. Beside it stand the soup "
        + "Σ ri θi, task arithmetic θ0 + λ Σ (θi - θ0) and the experts, so that a front can be seen to be worth its training. "
        + "HV accuracy is the hypervolume of the accuracies with reference point 0; HV loss that of the losses with the reference losses "
        + "ln(classes), divided by their product; a star marks networks that no other of the method dominates.\n\n"
        + "Example:\n  weights-tools pareto evaluate front --sweep";

    /// <inheritdoc/>
    public override int Run(CommandContext context)
    {
        RouterSource source = RouterSource.Of(context.Get(_routers));
        FusionIdentity identity = RouterFile.ReadIdentity(source.Path);
        TaskFile file = _tasks.ReadFor(context, source.Folder, identity.Tasks);
        using FusionWorkspace workspace = FusionWorkspace.Open(context, _backend.Create(context), file);
        using RoutedFusion routed = RouterFile.Read(source.Path, workspace.Ensemble);
        int pointsPerEdge = context.Get(_grid) ?? FrontMeasurement.UsualPointsPerEdge(file.Tasks.Count);
        FrontMeasurement measurement = new(workspace, pointsPerEdge);
        FrontReport report = new(measurement.Tasks, pointsPerEdge, Measure(context, measurement, workspace, routed));
        string output = context.Get(_output) ?? Path.Combine(source.Folder, FrontReport.FileName);
        report.Write(output);
        context.Report(report, writer => WriteText(writer, report));
        context.Message($"wrote {output}");
        return ExitCodes.Success;
    }

    private static ReportedMethod BestOf(IEnumerable<ReportedMethod> candidates)
    {
        ReportedMethod best = candidates.MaxBy(static method => method.AccuracyHypervolume ?? method.LossHypervolume)!;
        return best with { Name = $"{best.Name} (best)" };
    }

    private static void WriteText(TextWriter writer, FrontReport report)
    {
        FrontTables.Methods(report).WriteText(writer);
        writer.WriteLine();
        FrontTables.Tasks(report).WriteText(writer);
        writer.WriteLine();
        writer.WriteLine($"{report.Methods[0].Name}:");
        FrontTables.Points(report, report.Methods[0]).WriteText(writer);
    }

    private List<ReportedMethod> Measure(
        CommandContext context, FrontMeasurement measurement, FusionWorkspace workspace, RoutedFusion routed)
    {
        const int SweepSteps = 10;
        bool sweep = context.Get(_sweep);
        int total = (2 * measurement.GridCount) + (sweep ? SweepSteps + 1 : 0);
        int done = 0;
        using Progress progress = context.StartProgress("evaluating", total, "networks");
        void Count()
        {
            progress.Report(++done);
            context.Cancellation.ThrowIfCancellationRequested();
        }

        List<ReportedMethod> methods = [measurement.Measure(routed, SeriesRole.Method, Count)];
        using UniformFusion soup = UniformFusion.Soup(workspace.Ensemble);
        methods.Add(measurement.Measure(soup, SeriesRole.Baseline, Count));
        methods.Add(measurement.TaskArithmetic(UsualLambda));
        if (sweep)
        {
            methods.Add(BestOf(Enumerable.Range(0, SweepSteps + 1).Select(step =>
            {
                Count();
                return measurement.TaskArithmetic((double)step / SweepSteps);
            })));
        }

        methods.Add(measurement.Experts());
        return methods;
    }
}
