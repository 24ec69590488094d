using System;
using System.Collections.Generic;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>
/// L = Σ rt Lt: the tasks' batches are joined for one forward and one backward pass, or several with as many tasks each where these are
/// large: more rows at a time would cost memory and save nothing.
/// </summary>
public sealed class LinearScalarization : ParetoObjective
{
    // Samples times tokens at which products have their full speed.
    private const long LeastRows = 1536;

    // Every further pass contracts its gradients with all task vectors: with so many rows for each, that is a hundredth of its time.
    private const long LeastRowsPerTaskVector = 384;

    private readonly float[] _routingGradient;

    /// <inheritdoc cref="ParetoObjective(RoutedFusion, IReadOnlyList{SupervisedTask})"/>
    public LinearScalarization(RoutedFusion fusion, IReadOnlyList<SupervisedTask> tasks)
        : base(fusion, tasks) => _routingGradient = new float[fusion.Routers.RoutingCount];

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<float> preference, IReadOnlyList<Batch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        Fusion.Apply(preference);
        int tasksPerPass = TasksPerPass(batches);
        for (int first = 0; first < TaskLosses.Tasks.Count; first += tasksPerPass)
        {
            TaskLosses.ForwardBackward(batches, preference, first, tasksPerPass);
        }

        ScalarLoss = 0;
        for (int t = 0; t < preference.Length; t++)
        {
            ScalarLoss += preference[t] * TaskLosses.Losses[t];
        }

        Fusion.TakeRoutingGradient(_routingGradient);
        Fusion.Routers.Backward(Fusion.Parameters, preference, _routingGradient, ParameterGradient);
    }

    /// <summary>The fewest that make large passes of equal size: a plan of activations serves all of them.</summary>
    internal int TasksPerPass(IReadOnlyList<Batch> batches)
    {
        int tasks = TaskLosses.Tasks.Count;
        long rows = TaskLosses.RowsOf(batches);
        long least = Math.Max(LeastRows, tasks * LeastRowsPerTaskVector);
        int count = 1;
        while (count < tasks && (tasks % count != 0 || rows * count < least * tasks))
        {
            count++;
        }

        return count;
    }
}
