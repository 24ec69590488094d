using System;
using System.Collections.Generic;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>
/// The losses of all tasks for one preference and one batch per task, and the gradient of their scalarisation with respect to the
/// router parameters (PWEMoE, arXiv 2406.09770, section 4; closed-form gradients).
/// </summary>
public abstract class ParetoObjective : IDisposable
{
    private protected ParetoObjective(RoutedFusion fusion, IReadOnlyList<SupervisedTask> tasks)
    {
        ArgumentNullException.ThrowIfNull(fusion);
        ArgumentNullException.ThrowIfNull(tasks);
        if (tasks.Count != fusion.Ensemble.Tasks)
        {
            throw new ArgumentException($"There are {fusion.Ensemble.Tasks} experts and {tasks.Count} tasks.", nameof(tasks));
        }

        Fusion = fusion;
        TaskLosses = new MultiTaskLoss(fusion.Ensemble.Backbone, tasks);
        ParameterGradient = new float[fusion.Routers.ParameterCount];
        fusion.RequestGradients();
    }

    /// <summary>What is trained.</summary>
    public RoutedFusion Fusion { get; }

    /// <summary>The tasks in the order of preferences and experts, with their losses at the last evaluation.</summary>
    public MultiTaskLoss TaskLosses { get; }

    /// <summary>Gradient of the scalarised loss at the last evaluation [parameters of all routers].</summary>
    public float[] ParameterGradient { get; }

    /// <summary>The scalarised loss at the last evaluation.</summary>
    public double ScalarLoss { get; private protected set; }

    /// <summary>Merges for the preference, computes all losses and the gradient, which is not finite if a loss is not.</summary>
    /// <param name="preference">r [T].</param>
    /// <param name="batches">One batch per task.</param>
    public abstract void Evaluate(ReadOnlySpan<float> preference, IReadOnlyList<Batch> batches);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the gradients of heads.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            TaskLosses.Dispose();
        }
    }
}
