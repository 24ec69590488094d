using System;
using System.Collections.Generic;

namespace Engine.Kernels.Cases;

/// <summary>The tensors of a case, by operand name.</summary>
public sealed class CaseOperands
{
    private readonly IReadOnlyList<OperandSpec> _specs;
    private readonly TensorRef[] _tensors;

    internal CaseOperands(IReadOnlyList<OperandSpec> specs, TensorRef[] tensors)
    {
        _specs = specs;
        _tensors = tensors;
    }

    /// <summary>The tensor of an operand that the case must have.</summary>
    /// <exception cref="ArgumentException">It has not.</exception>
    public TensorRef this[string name] => IndexOf(name) is >= 0 and int index
        ? _tensors[index]
        : throw new ArgumentException($"The case has no operand '{name}'.", nameof(name));

    /// <summary>The tensor of an operand, or no tensor.</summary>
    public TensorRef Optional(string name) => IndexOf(name) is >= 0 and int index ? _tensors[index] : default;

    /// <summary>The tensors of consecutive operands, for example "expert0", "expert1".</summary>
    /// <param name="first">Name of the first one.</param>
    /// <param name="count">How many.</param>
    public ReadOnlySpan<TensorRef> Range(string first, int count) => _tensors.AsSpan(IndexOf(first), count);

    internal int IndexOf(string name)
    {
        for (int i = 0; i < _specs.Count; i++)
        {
            if (_specs[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    internal TensorRef At(int index) => _tensors[index];
}
