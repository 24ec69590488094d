using System;

namespace Engine.Fusion;

/// <content>r to λ.</content>
public sealed partial class Router
{
    /// <summary>Writes λ(r). 2 * channels * T * H flops.</summary>
    /// <param name="parameters">[<see cref="ParameterCount"/>].</param>
    /// <param name="preference">r [T]. Not checked for being on the simplex.</param>
    /// <param name="routingWeights">Receives λ: [T] or [channels, T].</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> preference, Span<float> routingWeights)
    {
        RequireLength(parameters.Length, ParameterCount, nameof(parameters));
        RequireLength(preference.Length, _tasks, nameof(preference));
        RequireLength(routingWeights.Length, RoutingCount, nameof(routingWeights));
        Span<double> features = stackalloc double[_features];
        Features(parameters, preference, features);

        Span<double> constant = stackalloc double[_tasks];
        for (int i = 0; i < _tasks; i++)
        {
            constant[i] = parameters[_outputBias + i] + (Architecture.Form == RouterForm.Residual ? (double)preference[i] : 0);
        }

        ReadOnlySpan<float> weight = parameters.Slice(_outputWeight, RoutingCount * _features);
        for (int k = 0, i = 0; k < routingWeights.Length; k++)
        {
            routingWeights[k] = (float)(constant[i] + WideningLoops.Dot(weight.Slice(k * _features, _features), features));
            i = i + 1 == _tasks ? 0 : i + 1;
        }
    }

    /// <summary>φ: relu(W1 r + b1), or r itself with one layer.</summary>
    private void Features(ReadOnlySpan<float> parameters, ReadOnlySpan<float> preference, Span<double> features)
    {
        if (!HasHiddenLayer)
        {
            for (int i = 0; i < features.Length; i++)
            {
                features[i] = preference[i];
            }

            return;
        }

        for (int h = 0; h < features.Length; h++)
        {
            double sum = parameters[_hiddenBias + h] + WideningLoops.Dot(parameters.Slice(h * _tasks, _tasks), preference);
            features[h] = Math.Max(sum, 0);
        }
    }
}
