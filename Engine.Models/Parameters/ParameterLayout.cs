using System;
using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// The parameters of a backbone or head, in order. A slot holds one parameter, or several that lie side by side so that one product
/// computes all of them (query, key, value). Models refer to slots by index; checkpoints refer to parameters by name.
/// </summary>
public sealed class ParameterLayout
{
    private readonly List<ParameterSpec> _parameters = [];
    private readonly List<ParameterSpec[]> _slots = [];

    /// <summary>All parameters in order.</summary>
    public IReadOnlyList<ParameterSpec> Parameters => _parameters;

    /// <summary>The parameters of each slot.</summary>
    internal IReadOnlyList<ParameterSpec[]> Slots => _slots;

    /// <summary>Adds a slot.</summary>
    /// <param name="parts">One parameter, or several of equal row length and of one use to be stacked.</param>
    /// <returns>The slot's index.</returns>
    internal int Add(params ParameterSpec[] parts)
    {
        _parameters.AddRange(parts);
        _slots.Add(parts);
        return _slots.Count - 1;
    }

    /// <summary>Shape of a slot: of its parameter, or of the stack.</summary>
    internal static Shape SlotShape(ParameterSpec[] parts)
    {
        Shape first = parts[0].Shape;
        if (parts.Length == 1)
        {
            return first;
        }

        return first.Rank switch
        {
            1 => new Shape(parts.Length * first[0]),
            2 => new Shape(parts.Length * first[0], first[1]),
            _ => throw new ArgumentException($"Only vectors and matrices are stacked, found {first}.", nameof(parts)),
        };
    }
}
