using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using Engine.Fusion;
using Engine.Kernels;

namespace WeightsTools;

/// <summary>The whole job on the sample models: check, train, score, draw, unload, load again.</summary>
internal sealed class DemoCommand : ToolCommand
{
    private static readonly double[] UnloadedPreference = [0.5, 0.3, 0.2];

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Folder for pictures, routers and the unloaded checkpoint",
        HelpName = "DIR",
        DefaultValueFactory = _ => "OUT",
    };

    private readonly Option<bool> _fromScratch = new("--from-scratch")
    {
        Description = "First make base and experts anew, from random weights (some minutes)",
    };

    private readonly Option<int> _steps = new("--steps")
    {
        Description = "Optimiser steps of every training of routers",
        HelpName = "COUNT",
        DefaultValueFactory = _ => DemoPlan.DefaultSteps,
    };

    private readonly BackendOptions _backend;

    public DemoCommand()
        : base("demo", "Fuse the sample models: train, score, draw and unload, in about a minute")
    {
        Add(_output);
        Add(_fromScratch);
        Add(_steps);
        _steps.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int count) && count < 1)
            {
                result.AddError($"--steps: expected 1 or more, found {count}");
            }
        });
        _backend = new BackendOptions(this);
    }

    /// <inheritdoc/>
    public override string Explanation =>
        "Takes a small vision transformer and three experts, trained in PyTorch, through the whole job: checks that they fit, trains "
        + "residual routers and the paper's for two tasks and for three, scores every front beside the soup Σ ri θi, task arithmetic and "
        + "the experts, draws them, unloads one preference into an ordinary checkpoint, loads it again and scores it again.\n\n"
        + "Examples:\n  weights-tools demo\n  weights-tools demo --from-scratch --output OUT";

    /// <inheritdoc/>
    public override int Run(CommandContext context)
    {
        long start = Stopwatch.GetTimestamp();
        string output = context.Get(_output);
        TaskFile tasks = TaskFile.Read(SampleFolder.TaskFilePath);
        if (context.Get(_fromScratch))
        {
            context.Message("making base and experts from random weights");
            using IBackend backend = _backend.Create(context);
            tasks = new SampleFineTuning(context, backend, tasks).Run(Path.Combine(output, "models"));
        }

        DemoPlan plan = new(context.Get(_steps));
        List<string> files = [];
        DemoComparison pair = ComparePair(context, tasks.Select(["digits", "fashion"]), plan, output, files);
        context.Message("routers for all tasks");
        using FusionWorkspace models = FusionWorkspace.Open(context, _backend.Create(context), tasks);
        using DemoFronts fronts = new(context, models, plan);
        DemoComparison all = fronts.Compare();
        Draw(all, output, files);

        string routers = Path.Combine(output, RouterFile.FileName);
        RouterFile.Write(routers, fronts.Residual, models.Tasks);
        files.Add(routers);
        UnloadedModel unloaded = UnloadedModel.Create(Path.Combine(output, "unloaded"), models, fronts, UnloadedPreference);
        files.Add(unloaded.Path);

        DemoReport report = new(DemoModels.Of(models), [pair, all], unloaded, files, Stopwatch.GetElapsedTime(start));
        context.Report(report.Document, report.WriteText);
        return ExitCodes.Success;
    }

    private DemoComparison ComparePair(CommandContext context, TaskFile tasks, DemoPlan plan, string output, List<string> files)
    {
        context.Message("checking that base and experts can be fused");
        using FusionWorkspace models = FusionWorkspace.Open(context, _backend.Create(context), tasks);
        context.Message("routers for two tasks");
        using DemoFronts fronts = new(context, models, plan);
        DemoComparison comparison = fronts.Compare();
        Draw(comparison, output, files);
        return comparison;
    }

    private static void Draw(DemoComparison comparison, string output, List<string> files)
    {
        string name = Path.Combine(output, $"front-{string.Join('-', comparison.Tasks)}");
        using ChartImage chart = comparison.Draw();
        foreach (string extension in (string[])[".png", ".svg"])
        {
            chart.Save(name + extension);
            files.Add(name + extension);
        }
    }
}
