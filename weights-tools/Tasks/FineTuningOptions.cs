using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using Engine.Models;

namespace WeightsTools;

/// <summary>The options of fine-tuning: optimiser, schedule, batches, seed.</summary>
internal sealed class FineTuningOptions
{
    private static readonly FineTuningSettings Defaults = new();

    private readonly Option<int> _steps = NumericOption.Create("--steps", "Optimiser steps", Defaults.Steps, 1);
    private readonly Option<int> _batch = NumericOption.Create("--batch", "Samples per step", Defaults.BatchSize, 1);
    private readonly Option<double> _learningRate = NumericOption.Create("--lr", "Learning rate after warm-up", Defaults.LearningRate, 0.0);
    private readonly Option<double> _decay = NumericOption.Create("--decay", "Decoupled weight decay", Defaults.WeightDecay, 0.0);
    private readonly Option<int?> _warmup = NumericOption.CreateOptional(
        "--warmup", $"Steps of linear warm-up [default: {Defaults.WarmupSteps}, or all if there are fewer]", 0);


    private readonly Option<string[]> _factors = new("--lr-factor")
    {
        Description = "PATTERN=FACTOR: scales the learning rate of parameters or modules; the first match counts, 0 freezes; "
            + "may be repeated",
        HelpName = "FACTOR",
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Determines a new head and the order of the samples",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => 0,
    };

    /// <summary>Adds the options to a command.</summary>
    public FineTuningOptions(Command command)
    {
        foreach (Option option in new Option[] { _steps, _batch, _learningRate, _decay, _warmup, _factors, _seed })
        {
            command.Add(option);
        }
    }

    /// <summary>The settings asked for.</summary>
    /// <exception cref="UsageException">A factor is malformed, or the warm-up longer than the training.</exception>
    public FineTuningSettings Read(CommandContext context)
    {
        int steps = context.Get(_steps);
        int warmup = context.Get(_warmup) ?? Math.Min(Defaults.WarmupSteps, steps);
        if (warmup > steps)
        {
            throw new UsageException($"--warmup: expected at most {steps}, the number of steps, found {warmup}.");
        }

        return Defaults with
        {
            Steps = steps,
            BatchSize = context.Get(_batch),
            LearningRate = context.Get(_learningRate),
            WeightDecay = context.Get(_decay),
            WarmupSteps = warmup,
            LearningRateFactors = [.. (context.Get(_factors) ?? []).Select(Factor), .. FrozenHead],
            Seed = context.Get(_seed),
        };
    }

    // A zero-shot head is CLIP's text side and stays as it is.
    private static IEnumerable<LearningRateFactor> FrozenHead =>
        [new("visual_projection.weight", 0), new("text_embeds", 0), new("logit_scale", 0)];

    private static LearningRateFactor Factor(string text)
    {
        int equals = text.LastIndexOf('=');
        return equals > 0 && double.TryParse(text[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double factor)
            && factor >= 0 && double.IsFinite(factor)
            ? new LearningRateFactor(text[..equals], factor)
            : throw new UsageException($"--lr-factor: expected PATTERN=FACTOR with a factor of 0 or more, found '{text}'.");
    }
}
