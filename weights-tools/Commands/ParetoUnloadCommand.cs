using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Models;

namespace WeightsTools;

/// <summary>Folds one preference into an ordinary checkpoint.</summary>
internal sealed class ParetoUnloadCommand : ToolCommand
{
    private const string AllHeads = "all";

    private readonly Argument<string?> _routers = new("routers")
    {
        Description = "Folder of a training, or its routers.safetensors; left out with --soup",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly TaskOptions _tasks;

    private readonly Option<string> _preference = new("--preference", "-r")
    {
        Description = "One number per task, at least 0, that sum to 1; for example 0.3,0.7",
        HelpName = "NUMBERS",
        Required = true,
    };

    private readonly Option<string> _output = new("--output", "-o") { Description = "Folder to write", HelpName = "DIR", Required = true };

    private readonly Option<string?> _head = new("--head")
    {
        Description = "Task whose head and labels the checkpoint carries, or all [default: the task preferred most]",
        HelpName = "TASK|all",
    };

    private readonly Option<bool> _soup = new("--soup") { Description = "Unload the plain soup Σ ri θi, without routers" };
    private readonly Option<bool> _force = new("--force") { Description = "Replace a checkpoint of the same name" };
    private readonly BackendOptions _backend;

    public ParetoUnloadCommand()
        : base("unload", "Write the network of one preference as an ordinary checkpoint of the base's size")
    {
        Add(_routers);
        _tasks = new TaskOptions(this);
        Add(_preference);
        Add(_output);
        Add(_head);
        Add(_soup);
        Add(_force);
        _backend = new BackendOptions(this);
    }

    /// <inheritdoc/>
    public override string Explanation =>
        "Merges θ(r) once and saves it in Hugging Face's layout, in the base's dtypes: no routers, no experts, no extra cost. The "
        + "checkpoint is loaded again and its logits on test data are compared with the merged network's; preference and hashes are kept "
        + "in its metadata.\n\n"
        + "Examples:\n"
        + "  weights-tools pareto unload front --preference 0.3,0.7 --output mixed\n"
        + "  weights-tools pareto unload samples/tasks.json --soup --preference 0.2,0.3,0.5 --output soup";

    /// <inheritdoc/>
    public override int Run(CommandContext context)
    {
        (RouterSource? source, TaskFile file) = ReadSources(context);
        double[] preference = PreferenceArgument.Parse(context.Get(_preference), file.Names);
        int task = TaskOfHead(context.Get(_head), file.Names, preference);
        bool allHeads = context.Get(_head) == AllHeads;
        string output = context.Get(_output);
        using FusionWorkspace workspace = FusionWorkspace.Open(context, _backend.Create(context), file);
        Apply(source, workspace, preference);
        Unloader.Save(output, workspace.Ensemble, preference, file.Names, task, allHeads, context.Get(_force));
        UnloadCheck check = UnloadCheck.Of(workspace, output, task);
        if (!check.SameBits && check.Samples > 0 && IsStoredExactly(workspace))
        {
            throw new DataException(
                $"{output}: loaded again, logits differ by up to {check.LargestDifference}; the checkpoint is damaged.");
        }

        context.Report(
            new
            {
                Output = output,
                Tasks = file.Names,
                Preference = preference,
                Head = file.Names[task],
                AllHeads = allHeads,
                Check = check,
            },
            writer => WriteText(writer, output, file, preference, task, check));
        return ExitCodes.Success;
    }

    private static void Apply(RouterSource? source, FusionWorkspace workspace, double[] preference)
    {
        float[] single = Array.ConvertAll(preference, static r => (float)r);
        if (source is null)
        {
            using UniformFusion soup = UniformFusion.Soup(workspace.Ensemble);
            soup.Apply(single);
            return;
        }

        using RoutedFusion fusion = RouterFile.Read(source.Path, workspace.Ensemble);
        fusion.Apply(single);
    }

    private static int TaskOfHead(string? name, IReadOnlyList<string> tasks, double[] preference)
    {
        if (name is null or AllHeads)
        {
            return Array.IndexOf(preference, preference.Max());
        }

        int index = tasks.ToList().IndexOf(name);
        return index >= 0
            ? index
            : throw new UsageException($"--head: expected '{AllHeads}' or one of {string.Join(", ", tasks)}, found '{name}'.");
    }

    private static bool IsStoredExactly(FusionWorkspace workspace)
    {
        Checkpoint stored = workspace.Ensemble.Base;
        StoredParameters parameters = new(stored, workspace.Backbone.CheckpointPrefixes, workspace.Backbone.Layout);
        return workspace.Backbone.Layout.Parameters.All(
            parameter => stored.Entry(parameters.NameOf(parameter)).DType is DType.F32 or DType.F64);
    }

    private static void WriteText(TextWriter writer, string output, TaskFile file, double[] preference, int task, UnloadCheck check)
    {
        IEnumerable<string> parts = file.Names.Zip(preference, static (name, r) => FormattableString.Invariant($"{name} {r}"));
        writer.WriteLine($"{output}: preference {string.Join(", ", parts)}; head of {file.Names[task]}");
        writer.WriteLine(check switch
        {
            { Samples: 0 } => "not compared: the task has no data",
            { SameBits: true } => $"loaded again: logits of {check.Samples} samples equal to the bit",
            _ => FormattableString.Invariant(
                $"loaded again: logits of {check.Samples} samples within {check.LargestDifference:G3}, stored in the base's dtype"),
        });
    }

    private (RouterSource? Source, TaskFile File) ReadSources(CommandContext context)
    {
        string? first = context.Get(_routers);
        if (context.Get(_soup))
        {
            // The first argument is then the task file: there are no routers to name.
            TaskFile? named = _tasks.Read(context);
            if (first is not null && named is not null)
            {
                throw new UsageException($"--soup needs no routers, found '{first}'.");
            }

            return (
                null, named ?? (first is null ? throw new UsageException("Nothing to fuse: expected a task file.") : TaskFile.Read(first)));
        }

        RouterSource source = RouterSource.Of(first ?? throw new UsageException("Expected routers, or --soup."));
        return (source, _tasks.ReadFor(context, source.Folder, RouterFile.ReadIdentity(source.Path).Tasks));
    }
}
