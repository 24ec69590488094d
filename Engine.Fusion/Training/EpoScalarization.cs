using System;
using System.Collections.Generic;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>
/// Exact Pareto optimal search (Mahapatra and Rajan, ICML 2020): drives the losses onto the ray where all rt Lt are equal.
/// One forward and one backward pass per task and none extra: the Gram matrix of the router gradients has a closed form, and the
/// update is a combination of gradients that are already there.
/// </summary>
public sealed class EpoScalarization : ParetoObjective
{
    private readonly EpoSolver _solver;
    private readonly float[] _routingGradients;
    private readonly float[] _combined;
    private readonly double[] _gram;
    private readonly double[] _preference;
    private readonly double[] _weights;

    /// <inheritdoc cref="ParetoObjective(RoutedFusion, IReadOnlyList{SupervisedTask})"/>
    public EpoScalarization(RoutedFusion fusion, IReadOnlyList<SupervisedTask> tasks)
        : base(fusion, tasks)
    {
        int count = tasks.Count;
        _solver = new EpoSolver(count);
        _routingGradients = new float[count * fusion.Routers.RoutingCount];
        _combined = new float[fusion.Routers.RoutingCount];
        _gram = new double[count * count];
        _preference = new double[count];
        _weights = new double[count];
    }

    /// <summary>Inner products of the tasks' router gradients at the last evaluation [T, T].</summary>
    public ReadOnlySpan<double> Gram => _gram;

    /// <summary>Weights of the tasks at the last evaluation [T], summing to 1.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>What the solver did at the last evaluation.</summary>
    public EpoResult Result { get; private set; }

    /// <summary>dL/dλ of one task's loss at the last evaluation [routing weights of all groups].</summary>
    public ReadOnlySpan<float> RoutingGradientOf(int task) =>
        _routingGradients.AsSpan(task * Fusion.Routers.RoutingCount, Fusion.Routers.RoutingCount);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<float> preference, IReadOnlyList<Batch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        Fusion.Apply(preference);
        int count = batches.Count;
        int routingCount = Fusion.Routers.RoutingCount;
        for (int t = 0; t < count; t++)
        {
            TaskLosses.ForwardBackward(t, batches[t]);
            Fusion.TakeRoutingGradient(_routingGradients.AsSpan(t * routingCount, routingCount));
            _preference[t] = preference[t];
        }

        if (!TaskLosses.AreFinite)
        {
            ScalarLoss = double.NaN;
            Array.Fill(ParameterGradient, float.NaN);
            return;
        }

        Fusion.Routers.Gram(Fusion.Parameters, preference, _routingGradients, count, _gram);
        Result = _solver.Solve(TaskLosses.Losses, _preference, _gram, _weights);
        Combine(count, routingCount);
        Fusion.Routers.Backward(Fusion.Parameters, preference, _combined, ParameterGradient);
    }

    /// <summary>The reference back-propagates Σ T wt Lt with w held constant.</summary>
    private void Combine(int count, int routingCount)
    {
        ScalarLoss = 0;
        for (int t = 0; t < count; t++)
        {
            ScalarLoss += count * _weights[t] * TaskLosses.Losses[t];
        }

        for (int k = 0; k < routingCount; k++)
        {
            double sum = 0;
            for (int t = 0; t < count; t++)
            {
                sum += count * _weights[t] * _routingGradients[(t * routingCount) + k];
            }

            _combined[k] = (float)sum;
        }
    }
}
