using System;
using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Fusion;

/// <summary>
/// The map from a preference to routing weights λ (PWEMoE, arXiv 2406.09770, section 4; residual and by-row forms are ours).
/// It holds no numbers: parameters and gradients are slices of arrays that the caller owns, laid out as <see cref="Tensors"/> says,
/// so that one optimiser step can update the routers of a whole model. Storage is float32, sums are float64; nothing is allocated.
/// Writing φ for relu(W1 r + b1) with two layers and for r with one, every form is λ[c, i] = s r_i + bias_i + Σ_h weight[c, i, h] φ_h.
/// </summary>
public sealed partial class Router
{
    private readonly int _tasks;
    private readonly int _features;
    private readonly int _hiddenBias;
    private readonly int _outputWeight;
    private readonly int _outputBias;

    /// <summary>Lays out a router.</summary>
    /// <param name="architecture">Sizes and form.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public Router(RouterArchitecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        architecture.Validate();
        Architecture = architecture;
        _tasks = architecture.Tasks;
        bool twoLayers = architecture.Layers == 2;
        _features = twoLayers ? architecture.HiddenUnits : _tasks;
        List<RouterTensor> tensors = [];
        if (twoLayers)
        {
            Add(tensors, "gate.0.weight", new Shape(_features, _tasks));
            _hiddenBias = Add(tensors, "gate.0.bias", new Shape(_features));
        }

        string last = twoLayers ? "gate.2" : "gate.0";
        Shape weight = architecture.Channels == 1 ? new Shape(_tasks, _features) : new Shape(architecture.Channels, _tasks, _features);
        _outputWeight = Add(tensors, $"{last}.weight", weight);
        _outputBias = Add(tensors, $"{last}.bias", new Shape(_tasks));
        Tensors = tensors;
        RoutingCount = checked(architecture.Channels * _tasks);
    }

    /// <summary>Sizes and form.</summary>
    public RouterArchitecture Architecture { get; }

    /// <summary>Trainable numbers of this router.</summary>
    public int ParameterCount => _outputBias + _tasks;

    /// <summary>Numbers in λ: channels * T.</summary>
    public int RoutingCount { get; }

    /// <summary>The shape of λ: [T], or [channels, T].</summary>
    public Shape RoutingShape => Architecture.Channels == 1 ? new Shape(_tasks) : new Shape(Architecture.Channels, _tasks);

    /// <summary>The parameter tensors in storage order, without gaps: gate.0.weight, gate.0.bias and, with two layers, gate.2.*.</summary>
    public IReadOnlyList<RouterTensor> Tensors { get; }

    private bool HasHiddenLayer => Architecture.Layers == 2;

    /// <summary>
    /// How far λ - s r can move at most over the simplex, as the largest over its entries. Each hidden unit is bounded by itself, and each
    /// bound is taken at a vertex, so 0 means constant for certain.
    /// </summary>
    /// <param name="parameters">[<see cref="ParameterCount"/>].</param>
    public double PreferenceVariation(ReadOnlySpan<float> parameters)
    {
        RequireLength(parameters.Length, ParameterCount, nameof(parameters));
        Span<double> range = stackalloc double[_features];
        range.Fill(1);
        if (HasHiddenLayer)
        {
            FeatureRange(parameters, range);
        }

        double largest = 0;
        for (int k = 0; k < RoutingCount; k++)
        {
            ReadOnlySpan<float> row = parameters.Slice(_outputWeight + (k * _features), _features);
            largest = Math.Max(largest, HasHiddenLayer ? AbsoluteDot(row, range) : Spread(row));
        }

        return largest;
    }

    /// <summary>
    /// True if training has left a router whose learned part does not depend on the preference: all its hidden units are off, or nothing
    /// reads them. Two-layer routers with a small first layer end like this easily and do not recover.
    /// </summary>
    /// <param name="parameters">[<see cref="ParameterCount"/>].</param>
    /// <param name="tolerance">Largest <see cref="PreferenceVariation"/> that counts as constant.</param>
    public bool IsConstantInPreference(ReadOnlySpan<float> parameters, double tolerance = 1e-6) =>
        PreferenceVariation(parameters) <= tolerance;

    private static int Add(List<RouterTensor> tensors, string name, Shape shape)
    {
        int offset = tensors.Count == 0 ? 0 : checked(tensors[^1].Offset + (int)tensors[^1].Shape.ElementCount);
        tensors.Add(new RouterTensor(name, offset, shape));
        return offset;
    }

    private static double Spread(ReadOnlySpan<float> row)
    {
        double least = double.PositiveInfinity;
        double most = double.NegativeInfinity;
        foreach (float value in row)
        {
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        return most - least;
    }

    private static double AbsoluteDot(ReadOnlySpan<float> row, ReadOnlySpan<double> range)
    {
        double sum = 0;
        for (int h = 0; h < row.Length; h++)
        {
            sum += Math.Abs(row[h]) * range[h];
        }

        return sum;
    }

    private static void RequireLength(int found, int expected, string name)
    {
        if (found != expected)
        {
            throw new ArgumentException($"Router: '{name}' has {expected} elements, found {found}.", name);
        }
    }

    /// <summary>max φ_h - min φ_h over the simplex: the pre-activation is linear and relu is monotone, so both are at a vertex.</summary>
    private void FeatureRange(ReadOnlySpan<float> parameters, Span<double> range)
    {
        for (int h = 0; h < _features; h++)
        {
            double least = double.PositiveInfinity;
            double most = double.NegativeInfinity;
            for (int i = 0; i < _tasks; i++)
            {
                double active = Math.Max((double)parameters[(h * _tasks) + i] + parameters[_hiddenBias + h], 0);
                least = Math.Min(least, active);
                most = Math.Max(most, active);
            }

            range[h] = most - least;
        }
    }
}
