using System;

namespace Engine.Kernels;

/// <summary>
/// Weighted sum of task vectors: out = base + sum_i weight_i (expert_i - base), element by element in float32, in the order of the experts,
/// the difference taken before the product. Without a base: out = sum_i weight_i expert_i.
/// Weights are [n], one per expert, or [rows, n], one per output channel and expert. 3nP flops, (n + 2) 4P bytes, memory-bound.
/// </summary>
public readonly ref struct WeightedSumArgs
{
    /// <summary>Optional θ0 [rows, columns]: F32, F16 or BF16 (or the compute dtype), contiguous.</summary>
    public TensorRef Base { get; init; }

    /// <summary>θ1 .. θn of the base's element count, each F32, F16 or BF16 (or the compute dtype), contiguous.</summary>
    public ReadOnlySpan<TensorRef> Experts { get; init; }

    /// <summary>Routing weights λ: [n] or [channels, n] in the compute dtype.</summary>
    public TensorRef Weights { get; init; }

    /// <summary>With weights [channels, n]: true if the channel is the column (GPT-2's Conv1D, [in, out]) and not the row
    /// ([out, in]).</summary>
    public bool ChannelIsColumn { get; init; }

    /// <summary>Receives θ(λ) [rows, columns], contiguous, in the compute dtype. May be Base itself.</summary>
    public TensorRef Output { get; init; }

    /// <summary>Checks shapes and dtypes.</summary>
    /// <exception cref="OperandException">An operand does not fit.</exception>
    public void Validate() =>
        RoutedOperands.Validate("WeightedSum", nameof(Output), Output, Base, Experts, nameof(Weights), Weights, ChannelIsColumn);
}
