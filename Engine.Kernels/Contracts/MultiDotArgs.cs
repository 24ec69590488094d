using System;

namespace Engine.Kernels;

/// <summary>
/// n-way dot product, the gradient of <see cref="WeightedSumArgs"/> with respect to the routing weights:
/// result_i = ⟨gradient, expert_i - base⟩ over all elements ([n]) or over one output channel ([channels, n]).
/// Differences in float32, sums in float64. The gradient is read once. 3nP flops, (n + 2) 4P bytes, memory-bound.
/// </summary>
public readonly ref struct MultiDotArgs
{
    /// <summary>dL/dθ [rows, columns], contiguous, in the compute dtype.</summary>
    public TensorRef Gradient { get; init; }

    /// <summary>Optional θ0 of as many elements: F32, F16 or BF16 (or the compute dtype), contiguous.</summary>
    public TensorRef Base { get; init; }

    /// <summary>θ1 .. θn of as many elements, each F32, F16 or BF16 (or the compute dtype), contiguous.</summary>
    public ReadOnlySpan<TensorRef> Experts { get; init; }

    /// <summary>Receives dL/dλ: [n] or [channels, n] in the compute dtype.</summary>
    public TensorRef Result { get; init; }

    /// <summary>With a result [channels, n]: true if the channel is the column (GPT-2's Conv1D, [in, out]) and not the row
    /// ([out, in]).</summary>
    public bool ChannelIsColumn { get; init; }

    /// <summary>Add to the result instead of overwriting it (several tensors of one group).</summary>
    public bool Accumulate { get; init; }

    /// <summary>Checks shapes and dtypes.</summary>
    /// <exception cref="OperandException">An operand does not fit.</exception>
    public void Validate() =>
        RoutedOperands.Validate("MultiDot", nameof(Gradient), Gradient, Base, Experts, nameof(Result), Result, ChannelIsColumn);
}
