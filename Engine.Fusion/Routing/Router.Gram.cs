using System;

namespace Engine.Fusion;

/// <content>
/// Inner products of two tasks' parameter gradients from their routing gradients g and g', without forming the parameter gradients:
/// C = (g . g') |φ|^2 + (Σ_c g_c) . (Σ_c g'_c) + (dz . dz') (1 + |r|^2), the last term only with two layers.
/// The first two terms merge into (g . g') (1 + |φ|^2) with one channel.
/// </content>
public sealed partial class Router
{
    private int ReducedWidth => HasHiddenLayer ? _tasks + _features : _tasks;

    /// <summary>One entry of the Gram matrix of two tasks' parameter gradients.</summary>
    /// <param name="parameters">[<see cref="ParameterCount"/>].</param>
    /// <param name="preference">r [T].</param>
    /// <param name="first">dL/dλ of one task: [T] or [channels, T].</param>
    /// <param name="second">dL/dλ of the other.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public double GramEntry(
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> preference,
        ReadOnlySpan<float> first,
        ReadOnlySpan<float> second)
    {
        RequireLength(parameters.Length, ParameterCount, nameof(parameters));
        RequireLength(preference.Length, _tasks, nameof(preference));
        RequireLength(first.Length, RoutingCount, nameof(first));
        RequireLength(second.Length, RoutingCount, nameof(second));
        int width = ReducedWidth;
        Span<double> features = stackalloc double[_features];
        Span<double> reducedFirst = stackalloc double[width];
        Span<double> reducedSecond = stackalloc double[width];
        Features(parameters, preference, features);
        Reduce(parameters, preference, features, first, reducedFirst);
        Reduce(parameters, preference, features, second, reducedSecond);
        return (WideningLoops.Dot(first, second) * WideningLoops.Dot(features, features)) + WideningLoops.Dot(reducedFirst, reducedSecond);
    }

    /// <summary>
    /// Adds this router's part to the Gram matrix of all tasks. Each task's gradient is pushed through the router once, so the last weight
    /// is read <paramref name="count"/> times and not count^2 times.
    /// </summary>
    /// <param name="parameters">[<see cref="ParameterCount"/>].</param>
    /// <param name="preference">r [T].</param>
    /// <param name="routingGradients">dL_t/dλ of task t at t * <paramref name="stride"/>.</param>
    /// <param name="stride">Distance of two tasks' gradients, at least <see cref="RoutingCount"/>.</param>
    /// <param name="count">Number of losses; as a rule T.</param>
    /// <param name="gram">[count, count], added to.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void AccumulateGram(
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> preference,
        ReadOnlySpan<float> routingGradients,
        int stride,
        int count,
        Span<double> gram)
    {
        RequireLength(parameters.Length, ParameterCount, nameof(parameters));
        RequireLength(preference.Length, _tasks, nameof(preference));
        RequireLength(gram.Length, count * count, nameof(gram));
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, RoutingCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, RouterArchitecture.MaxTasks);
        int width = ReducedWidth;
        Span<double> features = stackalloc double[_features];
        Span<double> reduced = stackalloc double[count * width];
        Features(parameters, preference, features);
        double featureNorm = WideningLoops.Dot(features, features);
        for (int t = 0; t < count; t++)
        {
            ReadOnlySpan<float> first = routingGradients.Slice(t * stride, RoutingCount);
            Span<double> reducedFirst = reduced.Slice(t * width, width);
            Reduce(parameters, preference, features, first, reducedFirst);
            for (int s = 0; s <= t; s++)
            {
                ReadOnlySpan<float> second = routingGradients.Slice(s * stride, RoutingCount);
                double entry = (WideningLoops.Dot(first, second) * featureNorm)
                    + WideningLoops.Dot(reducedFirst, reduced.Slice(s * width, width));
                gram[(t * count) + s] += entry;
                if (s != t)
                {
                    gram[(s * count) + t] += entry;
                }
            }
        }
    }

    /// <summary>[Σ_c g_c, sqrt(1 + |r|^2) dz]: what an entry needs besides g itself.</summary>
    private void Reduce(
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> preference,
        ReadOnlySpan<double> features,
        ReadOnlySpan<float> routingGradient,
        Span<double> reduced)
    {
        ChannelSums(routingGradient, reduced[.._tasks]);
        if (!HasHiddenLayer)
        {
            return;
        }

        Span<double> hidden = reduced[_tasks..];
        HiddenGradient(parameters, features, routingGradient, hidden);
        double scale = Math.Sqrt(1 + WideningLoops.Dot(preference, preference));
        for (int h = 0; h < hidden.Length; h++)
        {
            hidden[h] *= scale;
        }
    }
}
