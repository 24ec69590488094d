using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using Engine.Models;

namespace WeightsTools;

/// <summary>Runs a recipe that compares methods over several seeds; results are kept after every run.</summary>
internal sealed class ExperimentCommand : ToolCommand
{
    private const string TableFile = "results.md";

    private readonly Argument<string> _recipe = new("recipe")
    {
        Description = "JSON file that names models, tasks, methods, seeds and settings, such as samples/experiment.json",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Folder for results.json and results.md",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string?> _only = new("--only")
    {
        Description = "Run only methods whose name contains this text",
        HelpName = "METHOD",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Continue results that are there; runs that are done are not repeated",
    };

    private readonly BackendOptions _backend;

    public ExperimentCommand()
        : base("experiment", "Compare methods of fusion over several seeds, as a recipe says")
    {
        Add(_recipe);
        Add(_output);
        Add(_only);
        Add(_resume);
        _backend = new BackendOptions(this);
    }

    /// <inheritdoc/>
    public override string Explanation =>
        "Trains every method of the recipe on every combination of tasks with every seed, scores the fronts on the full test sets, and "
        + "writes mean and standard deviation of hypervolumes and of the accuracy at the equal preference beside the figures that the "
        + "recipe records. Results are written after every run, so that an interrupted comparison continues with --resume.\n\n"
        + "Examples:\n  weights-tools experiment samples/experiment.json --output OUT/experiment\n"
        + "  weights-tools experiment samples/experiment.json --output OUT/experiment --only residual --resume";

    /// <inheritdoc/>
    public override int Run(CommandContext context)
    {
        ExperimentRecipe recipe = ExperimentRecipe.Read(context.Get(_recipe));
        string output = context.Get(_output);
        ExperimentResults results = ExperimentResults.Open(output, context.Get(_resume));
        string only = context.Get(_only) ?? string.Empty;
        ExperimentMethod[] methods = [.. recipe.Methods.Where(method => method.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        if (methods.Length == 0)
        {
            throw new UsageException(
                $"--only: expected part of a method's name ({string.Join("; ", recipe.Methods.Select(m => m.Name))}), found '{only}'.");
        }

        TaskFile tasks = TaskFile.Read(recipe.Tasks);
        foreach (ExperimentMethod method in methods)
        {
            foreach (string combination in recipe.Combinations)
            {
                RunSeeds(context, recipe, method, tasks.Select(combination.Split('+')), results);
            }
        }

        AtomicFile.WriteText(Path.Combine(output, TableFile), Markdown(recipe, results));
        context.Report(new { Results = results.All }, writer => writer.Write(Markdown(recipe, results)));
        return ExitCodes.Success;
    }

    private void RunSeeds(
        CommandContext context, ExperimentRecipe recipe, ExperimentMethod method, TaskFile tasks, ExperimentResults results)
    {
        string combination = string.Join('+', tasks.Names);
        ulong?[] seeds = method.Family == FusionFamily.Routed ? [.. recipe.Seeds.Select(static seed => (ulong?)seed)] : [null];
        ulong?[] missing = [.. seeds.Where(seed => !results.Contains(method.Name, combination, seed))];
        if (missing.Length == 0)
        {
            return;
        }

        using FusionWorkspace models = FusionWorkspace.Open(context, _backend.Create(context), tasks);
        ExperimentRunner runner = new(recipe, combination, models);
        foreach (ulong? seed in missing)
        {
            string label = seed is null ? $"{method.Name}, {combination}" : $"{method.Name}, {combination}, seed {seed}";
            using Progress progress = context.StartProgress(label, recipe.Steps, "steps");
            results.Add(runner.Run(method, seed ?? 0, step => progress.Report(step), context.Cancellation));
        }
    }

    private static string Markdown(ExperimentRecipe recipe, ExperimentResults results)
    {
        using StringWriter writer = new() { NewLine = "\n" };
        foreach (string combination in recipe.Combinations)
        {
            Table table = ExperimentTable.Create(recipe, combination, results.All);
            if (table.RowCount > 0)
            {
                writer.WriteLine($"### {combination}");
                writer.WriteLine();
                table.WriteMarkdown(writer);
                writer.WriteLine();
            }
        }

        return writer.ToString();
    }
}
