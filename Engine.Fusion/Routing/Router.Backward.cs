using System;

namespace Engine.Fusion;

/// <content>dL/dλ to dL/dparameters: the chain rule, with dz = (Σ_c weight_c^T g_c) * 1[z > 0].</content>
public sealed partial class Router
{
    /// <summary>
    /// Back-propagates g = dL/dλ: d bias_i = Σ_c g[c, i]; d weight[c, i, h] = g[c, i] φ_h; and with two layers d b1 = dz, d W1 = dz r^T.
    /// </summary>
    /// <param name="parameters">[<see cref="ParameterCount"/>].</param>
    /// <param name="preference">r [T] of the forward pass.</param>
    /// <param name="routingGradient">g: [T] or [channels, T].</param>
    /// <param name="parameterGradient">Receives dL/dparameters [<see cref="ParameterCount"/>], laid out as the parameters.</param>
    /// <param name="accumulate">Add to the gradient instead of overwriting it.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Backward(
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> preference,
        ReadOnlySpan<float> routingGradient,
        Span<float> parameterGradient,
        bool accumulate = false)
    {
        RequireLength(parameters.Length, ParameterCount, nameof(parameters));
        RequireLength(preference.Length, _tasks, nameof(preference));
        RequireLength(routingGradient.Length, RoutingCount, nameof(routingGradient));
        RequireLength(parameterGradient.Length, ParameterCount, nameof(parameterGradient));
        if (!accumulate)
        {
            parameterGradient.Clear();
        }

        Span<double> features = stackalloc double[_features];
        Features(parameters, preference, features);
        Span<float> weightGradient = parameterGradient.Slice(_outputWeight, RoutingCount * _features);
        for (int k = 0; k < routingGradient.Length; k++)
        {
            WideningLoops.AddScaled(features, routingGradient[k], weightGradient.Slice(k * _features, _features));
        }

        Span<double> biasGradient = stackalloc double[_tasks];
        ChannelSums(routingGradient, biasGradient);
        AddRounded(biasGradient, parameterGradient.Slice(_outputBias, _tasks));
        if (!HasHiddenLayer)
        {
            return;
        }

        Span<double> hiddenGradient = stackalloc double[_features];
        HiddenGradient(parameters, features, routingGradient, hiddenGradient);
        AddRounded(hiddenGradient, parameterGradient.Slice(_hiddenBias, _features));
        for (int h = 0; h < _features; h++)
        {
            for (int i = 0; i < _tasks; i++)
            {
                ref float target = ref parameterGradient[(h * _tasks) + i];
                target = (float)(target + (hiddenGradient[h] * preference[i]));
            }
        }
    }

    private static void AddRounded(ReadOnlySpan<double> source, Span<float> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = (float)(destination[i] + source[i]);
        }
    }

    /// <summary>Σ_c g[c, i] for every i.</summary>
    private void ChannelSums(ReadOnlySpan<float> routingGradient, Span<double> sums)
    {
        sums.Clear();
        for (int k = 0, i = 0; k < routingGradient.Length; k++)
        {
            sums[i] += routingGradient[k];
            i = i + 1 == _tasks ? 0 : i + 1;
        }
    }

    /// <summary>dz [H]. A feature is positive exactly where its pre-activation is.</summary>
    private void HiddenGradient(
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<double> features,
        ReadOnlySpan<float> routingGradient,
        Span<double> hiddenGradient)
    {
        hiddenGradient.Clear();
        ReadOnlySpan<float> weight = parameters.Slice(_outputWeight, RoutingCount * _features);
        for (int k = 0; k < routingGradient.Length; k++)
        {
            WideningLoops.AddScaled(weight.Slice(k * _features, _features), routingGradient[k], hiddenGradient);
        }

        for (int h = 0; h < features.Length; h++)
        {
            hiddenGradient[h] = features[h] > 0 ? hiddenGradient[h] : 0;
        }
    }
}
