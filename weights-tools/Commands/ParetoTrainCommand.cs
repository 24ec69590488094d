using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Engine.Fusion;
using Engine.Models;

namespace WeightsTools;

/// <summary>Trains routers: the network with a dial.</summary>
internal sealed class ParetoTrainCommand : ToolCommand
{
    private readonly TaskOptions _tasks;
    private readonly RouterOptions _routers;
    private readonly RouterTrainingOptions _training;
    private readonly BackendOptions _backend;

    private readonly Option<string?> _only = new("--only")
    {
        Description = "Some of the file's tasks, in this order; separated by commas",
        HelpName = "NAMES",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Folder for routers.safetensors, state.safetensors, log.jsonl and tasks.json",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<int> _saveEvery = NumericOption.Create("--save-every", "Steps between two saved states", 100, 1);

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Continue from the folder's state, if there is one, to the same bits",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Begin anew in a folder that holds a training" };

    public ParetoTrainCommand()
        : base("train", "Train routers that mix the experts for any preference over the tasks")
    {
        _tasks = new TaskOptions(this);
        Add(_only);
        Add(_output);
        _routers = new RouterOptions(this);
        _training = new RouterTrainingOptions(this);
        Add(_saveEvery);
        Add(_resume);
        Add(_force);
        _backend = new BackendOptions(this);
    }

    /// <inheritdoc/>
    public override string Explanation =>
        "A router is a tiny network from the preference r to one weight λi per task; its group of parameters becomes θ0 + Σ λi (θi - θ0). "
        + "Every step draws r from a Dirichlet distribution and lowers the tasks' losses on labelled training data (PWEMoE, arXiv "
        + "2406.09770). Residual routers start at the soup: λ(r) = r + B relu(W1 r + b1) with B near 0. Base, experts and heads stay as "
        + "they are.\n\n"
        + "A task file names a base and tasks; paths are relative to it. \"data/digits-train\" stands for the two IDX files "
        + "data/digits-train-images-idx3-ubyte(.gz) and data/digits-train-labels-idx1-ubyte(.gz), a .safetensors file for tokens; CLIP's "
        + "tasks also have \"head\": { \"file\": ..., \"text_embeds\": ... }.\n\n"
        + "Example:\n"
        + "  weights-tools pareto train samples/tasks.json --only digits,fashion --output front\n"
        + "  weights-tools pareto evaluate front\n"
        + "  weights-tools pareto unload front --preference 0.3,0.7 --output mixed";

    /// <inheritdoc/>
    public override int Run(CommandContext context)
    {
        TaskFile file = ReadTasks(context);
        RouterSettings routers = _routers.Read(context);
        RouterTrainingSettings training = _training.Read(context, routers.Granularity);
        string directory = context.Get(_output);
        bool resume = context.Get(_resume);
        if (resume && context.Get(_force))
        {
            throw new UsageException("--resume and --force exclude each other.");
        }

        if (!resume && !context.Get(_force))
        {
            RouterTrainingRun.RequireNew(directory);
        }

        using FusionWorkspace workspace = FusionWorkspace.Open(context, _backend.Create(context), file);
        using RoutedFusion fusion = new(workspace.Ensemble, routers);
        using RouterTrainer trainer = new(fusion, workspace.Tasks, training);
        RouterTrainingRun run = new(directory, workspace, trainer);
        if (resume)
        {
            run.Resume();
        }

        context.Message(
            $"{routers.Name}: {Quantity.Count(fusion.Groups.Count)} routers with {Quantity.Count(fusion.Routers.ParameterCount)} "
            + "parameters for "
            + $"{string.Join(", ", file.Names)}{(trainer.Step > 0 ? $"; continuing after step {trainer.Step}" : string.Empty)}");
        run.Train(context, context.Get(_saveEvery));
        IReadOnlyList<string> constant = fusion.Routers.ConstantGroups(fusion.Parameters);
        if (constant.Count > 0)
        {
            context.Warn(
                $"{constant.Count} of {fusion.Groups.Count} routers do not react to the preference: {string.Join(", ", constant)}");
        }

        Report(context, run, trainer, constant);
        return ExitCodes.Success;
    }

    private static void Report(CommandContext context, RouterTrainingRun run, RouterTrainer trainer, IReadOnlyList<string> constant)
    {
        RoutedFusion fusion = trainer.Fusion;
        context.Report(
            new
            {
                Routers = run.RoutersPath,
                State = run.StatePath,
                Log = run.LogPath,
                Tasks = trainer.Objective.TaskLosses.Tasks.Select(static task => task.Name),
                Method = fusion.Name,
                Settings = new
                {
                    fusion.Settings.Kind,
                    fusion.Settings.Granularity,
                    fusion.Settings.Modules,
                    fusion.Settings.Layers,
                    fusion.Settings.FrozenLambda,
                },
                Training = trainer.Settings,
                Groups = fusion.Groups.Count,
                Parameters = fusion.Routers.ParameterCount,
                Steps = trainer.Step,
                ConstantGroups = constant,
            },
            writer => writer.WriteLine($"{run.RoutersPath}: {fusion.Name}, {Quantity.Count(trainer.Step)} steps"));
    }

    private TaskFile ReadTasks(CommandContext context)
    {
        TaskFile file = _tasks.Read(context) ?? throw new UsageException("Nothing to fuse: expected a task file, or --base and --task.");
        if (context.Get(_only) is string only)
        {
            file = file.Select(only.Split(',', StringSplitOptions.TrimEntries));
        }

        if (file.Tasks.Count < 2)
        {
            throw new DataException($"{file.Origin}: expected two or more tasks, found {file.Tasks.Count}.");
        }

        TaskEntry? untrained = file.Tasks.FirstOrDefault(static task => task.Train is null);
        return untrained is null ? file : throw new DataException($"{file.Origin}: task '{untrained.Name}' has no training data.");
    }
}
