namespace Engine.Fusion;

/// <summary>Hyper-parameters of router training; the defaults are the sample experiment's.</summary>
public sealed record RouterTrainingSettings
{
    /// <summary>Optimiser steps.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>Samples per task and step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Learning rate of the first step; 1e-2, or 3e-3 for routers by row.</summary>
    public double LearningRate { get; init; } = 1e-2;

    /// <summary>Learning rate after the last step, as a fraction of the first.</summary>
    public double FinalLearningRateFraction { get; init; } = 0.1;

    /// <summary>0 for Adam; more for AdamW (applied to all router parameters).</summary>
    public double WeightDecay { get; init; }

    /// <summary>Parameter of the symmetric Dirichlet distribution of preferences.</summary>
    public double DirichletAlpha { get; init; } = 1;

    /// <summary>How losses are combined.</summary>
    public Scalarization Scalarization { get; init; }

    /// <summary>Determines initialisation, preferences and batches.</summary>
    public ulong Seed { get; init; }

    /// <summary>The learning rate that suits a granularity.</summary>
    public static double DefaultLearningRate(Granularity granularity) => granularity == Granularity.Row ? 3e-3 : 1e-2;
}
