using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.Kernels.Cases;

/// <summary>
/// One call of one op with everything needed to run it anywhere. A backend is compared with the reference on it
/// (<see cref="OpCaseComparison"/>), a backward op is checked by finite differences (<see cref="GradientCheck"/>), and its speed is
/// measured (<see cref="PreparedCase"/>, with <see cref="Flops"/> and <see cref="Bytes"/>).
/// </summary>
public sealed record OpCase
{
    private long? _bytes;

    /// <summary>The contract's name of the op, for example "Gemm".</summary>
    public required string Op { get; init; }

    /// <summary>What is special, for example "nt 50x33x17 bias GeluErf"; unique per op.</summary>
    public required string Name { get; init; }

    /// <summary>All operands. Operands that an op may alias are one operand here.</summary>
    public required IReadOnlyList<OperandSpec> Operands { get; init; }

    /// <summary>The call.</summary>
    public required OpCall Call { get; init; }

    /// <summary>For single products: the arguments of <see cref="Call"/>, so that another library can compute the same one.</summary>
    internal Func<CaseOperands, GemmArgs>? Product { get; init; }

    /// <summary>For backward ops: the forward pass, which computes the operands that have no fill.
    /// Run on the reference in F64, but for large cases on the backend itself.</summary>
    public OpCall? Forward { get; init; }

    /// <summary>For backward ops: the forward pass's output and the gradient that comes in.</summary>
    public GradientPair? OutputGradient { get; init; }

    /// <summary>For backward ops: the forward pass's inputs and the gradients that go out. Empty where the gradient cannot be told
    /// from the memory it was written over, so that finite differences do not apply.</summary>
    public IReadOnlyList<GradientPair> InputGradients { get; init; } = [];

    /// <summary>Moves every operand one element away from a 64-byte boundary.</summary>
    public bool Unaligned { get; init; }

    /// <summary>A realistic size for measuring, slow on the reference.</summary>
    public bool IsLarge { get; init; }

    /// <summary>Operands of its products are results of its own: where operands are rounded, an error in the last place of one may change
    /// what it is rounded to.</summary>
    public bool RoundsResults { get; init; }

    /// <summary>Floating-point operations, as the op's documentation counts them; 0 if it only moves data.</summary>
    public double Flops { get; init; }

    /// <summary>Bytes moved at least, computing in F32: every operand once, once more if it is read and written.</summary>
    public long Bytes
    {
        get => _bytes ?? Operands.Where(operand => !operand.ForwardOnly).Sum(BytesMoved);
        init => _bytes = value;
    }

    /// <summary>Op and name.</summary>
    public override string ToString() => $"{Op} {Name}";

    private static long BytesMoved(OperandSpec operand) =>
        operand.Shape.ElementCount * (operand.Stored ?? DType.F32).SizeInBytes() * (operand.Role == OperandRole.InOut ? 2 : 1);
}
