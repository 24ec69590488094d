using System;
using System.Collections.Generic;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>L = Σ rt Lt: all tasks in one batch, one forward and one backward pass.</summary>
public sealed class LinearScalarization : ParetoObjective
{
    private readonly JointBatch _joint = new();
    private readonly float[] _routingGradient;

    /// <inheritdoc cref="ParetoObjective(RoutedFusion, IReadOnlyList{FusionTask})"/>
    public LinearScalarization(RoutedFusion fusion, IReadOnlyList<FusionTask> tasks)
        : base(fusion, tasks) => _routingGradient = new float[fusion.Routers.RoutingCount];

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<float> preference, IReadOnlyList<Batch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        Prepare(batches);
        Fusion.Apply(preference);
        TensorRef features = Backbone.Forward(_joint.Join(batches), ForwardMode.Training);
        int row = 0;
        ScalarLoss = 0;
        for (int t = 0; t < Tasks.Count; t++)
        {
            int rows = batches[t].Count;
            HeadAndLoss(t, features.SliceRows(row, rows), batches[t], FeatureGradient.SliceRows(row, rows), preference[t]);
            ScalarLoss += preference[t] * Losses[t];
            row += rows;
        }

        Backbone.Backward(FeatureGradient);
        Fusion.Contract(_routingGradient);
        Fusion.Routers.Backward(Fusion.Parameters, preference, _routingGradient, ParameterGradient);
    }
}
