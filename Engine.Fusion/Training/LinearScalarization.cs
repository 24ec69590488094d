using System;
using System.Collections.Generic;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>L = Σ rt Lt: all tasks in one batch, one forward and one backward pass.</summary>
public sealed class LinearScalarization : ParetoObjective
{
    private readonly float[] _routingGradient;

    /// <inheritdoc cref="ParetoObjective(RoutedFusion, IReadOnlyList{SupervisedTask})"/>
    public LinearScalarization(RoutedFusion fusion, IReadOnlyList<SupervisedTask> tasks)
        : base(fusion, tasks) => _routingGradient = new float[fusion.Routers.RoutingCount];

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<float> preference, IReadOnlyList<Batch> batches)
    {
        Fusion.Apply(preference);
        TaskLosses.ForwardBackward(batches, preference);
        ScalarLoss = 0;
        for (int t = 0; t < preference.Length; t++)
        {
            ScalarLoss += preference[t] * TaskLosses.Losses[t];
        }

        Fusion.RoutingGradient(_routingGradient);
        Fusion.Routers.Backward(Fusion.Parameters, preference, _routingGradient, ParameterGradient);
    }
}
