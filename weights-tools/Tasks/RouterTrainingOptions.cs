using System.CommandLine;
using Engine.Fusion;

namespace WeightsTools;

/// <summary>The options of router training: optimiser, scalarisation, batches, seed.</summary>
internal sealed class RouterTrainingOptions
{
    private const double AdamWDecay = 0.01;

    private readonly Option<int> _steps = NumericOption.Create("--steps", "Optimiser steps", 1000, 1);
    private readonly Option<int> _batch = NumericOption.Create("--batch", "Samples per task and step", 32, 1);

    private readonly Option<double?> _learningRate = NumericOption.CreateOptional(
        "--lr", "Learning rate of the first step; a cosine leads to a tenth of it [default: 0.01; 0.003 by row]", 0.0);

    private readonly Option<double> _alpha = NumericOption.Create(
        "--alpha", "Parameter of the Dirichlet distribution of preferences", 1.0, 1e-3);

    private readonly Option<string> _optimizer = new("--optimizer")
    {
        Description = "adamw adds a decay of 0.01",
        DefaultValueFactory = _ => "adam",
    };

    private readonly Option<string> _scalarization = new("--scalarization")
    {
        Description = "linear: the loss is Σ rt Lt; epo: drive all rt Lt to be equal",
        DefaultValueFactory = _ => "linear",
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Determines initialisation, preferences and batches",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => 0,
    };

    /// <summary>Adds the options to a command.</summary>
    public RouterTrainingOptions(Command command)
    {
        _optimizer.AcceptOnlyFromAmong("adam", "adamw");
        _scalarization.AcceptOnlyFromAmong("linear", "epo");
        foreach (Option option in new Option[] { _steps, _batch, _learningRate, _alpha, _optimizer, _scalarization, _seed })
        {
            command.Add(option);
        }
    }

    /// <summary>The settings asked for.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="granularity">Of the routers: decides the usual learning rate.</param>
    public RouterTrainingSettings Read(CommandContext context, Granularity granularity) => new()
    {
        Steps = context.Get(_steps),
        BatchSize = context.Get(_batch),
        LearningRate = context.Get(_learningRate) ?? RouterTrainingSettings.DefaultLearningRate(granularity),
        DirichletAlpha = context.Get(_alpha),
        WeightDecay = context.Get(_optimizer) == "adamw" ? AdamWDecay : 0,
        Scalarization = context.Get(_scalarization) == "epo" ? Scalarization.Epo : Scalarization.Linear,
        Seed = context.Get(_seed),
    };
}
