using System.Collections.Generic;

namespace Engine.Models;

/// <summary>Hyper-parameters of fine-tuning.</summary>
public sealed record FineTuningSettings
{
    /// <summary>Optimiser steps.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>Samples per task and step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Learning rate after warm-up.</summary>
    public double LearningRate { get; init; } = 5e-5;

    /// <summary>Learning rate after the last step, as a fraction.</summary>
    public double FinalLearningRateFraction { get; init; }

    /// <summary>Steps of linear warm-up.</summary>
    public int WarmupSteps { get; init; } = 20;

    /// <summary>Decoupled weight decay of all parameters.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Scales the learning rate per parameter or module; the first match counts.</summary>
    public IReadOnlyList<LearningRateFactor> LearningRateFactors { get; init; } = [];

    /// <summary>Determines the order of the samples.</summary>
    public ulong Seed { get; init; }
}
