using System;

namespace Engine.Models;

/// <summary>
/// Learning rate over a training: optional linear warm-up, then half a cosine (Loshchilov and Hutter, arXiv 1608.03983, equation 5,
/// without restarts). Without warm-up the rate of step k is final + (peak - final) (1 + cos(π k / steps)) / 2.
/// </summary>
public sealed record CosineSchedule
{
    /// <summary>Lays out a schedule.</summary>
    /// <param name="peakRate">The rate at which the cosine starts.</param>
    /// <param name="finalRate">The rate that it reaches after the last step.</param>
    /// <param name="steps">Optimiser steps, warm-up included.</param>
    /// <param name="warmupSteps">
    /// w: step k &lt; w runs at peak (k + 1) / w, and the cosine takes the steps from w on. 0 for no warm-up.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">No step, a warm-up longer than the training, or a rate that is negative.</exception>
    public CosineSchedule(double peakRate, double finalRate, int steps, int warmupSteps = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(warmupSteps);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(warmupSteps, steps);
        if (!(peakRate >= 0) || !(finalRate >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(peakRate), $"Learning rates are not negative, found {peakRate} and {finalRate}.");
        }

        PeakRate = peakRate;
        FinalRate = finalRate;
        Steps = steps;
        WarmupSteps = warmupSteps;
    }

    /// <summary>The rate at which the cosine starts.</summary>
    public double PeakRate { get; }

    /// <summary>The rate after the last step.</summary>
    public double FinalRate { get; }

    /// <summary>Optimiser steps, warm-up included.</summary>
    public int Steps { get; }

    /// <summary>Steps of warm-up.</summary>
    public int WarmupSteps { get; }

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">k, counted from 0; from <see cref="Steps"/> on the rate is <see cref="FinalRate"/>.</param>
    public double At(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (step < WarmupSteps)
        {
            return PeakRate * (step + 1) / WarmupSteps;
        }

        if (step >= Steps)
        {
            return FinalRate;
        }

        double progress = (double)(step - WarmupSteps) / (Steps - WarmupSteps);
        return FinalRate + (0.5 * (PeakRate - FinalRate) * (1 + Math.Cos(Math.PI * progress)));
    }
}
