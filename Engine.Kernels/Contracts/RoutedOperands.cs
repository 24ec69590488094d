using System;

namespace Engine.Kernels;

/// <summary>What the weighted sum and the n-way dot check in common.</summary>
internal static class RoutedOperands
{
    public static void Validate(
        string op,
        string denseName,
        in TensorRef dense,
        in TensorRef @base,
        ReadOnlySpan<TensorRef> experts,
        string routingName,
        in TensorRef routing,
        bool channelIsColumn)
    {
        OperandCheck check = new(op, dense.DType);
        check.SameElements(denseName, dense, dense.ElementCount);
        check.That(experts.Length > 0, "there is at least one expert");
        if (!@base.IsNone)
        {
            Stored(check, "Base", @base, dense);
        }

        foreach (ref readonly TensorRef expert in experts)
        {
            Stored(check, "Experts", expert, dense);
        }

        int channels = routing.Shape.Rank < 2 ? 1 : channelIsColumn ? dense.Columns : dense.Rows;
        check.SameElements(routingName, routing, (long)channels * experts.Length);
    }

    private static void Stored(in OperandCheck check, string operand, in TensorRef tensor, in TensorRef dense)
    {
        check.Contiguous(operand, tensor);

        // The text names the tensor, so it is built only for a tensor that does not fit: these checks run in every step.
        bool hasDType = tensor.DType == dense.DType || tensor.DType is DType.F32 or DType.F16 or DType.BF16;
        if (!hasDType || tensor.ElementCount != dense.ElementCount)
        {
            check.That(hasDType, $"operand '{operand}' {tensor} is stored as F32, F16 or BF16");
            check.That(false, $"operand '{operand}' {tensor} has {dense.ElementCount} elements");
        }
    }
}
