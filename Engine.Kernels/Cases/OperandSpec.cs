namespace Engine.Kernels.Cases;

/// <summary>One operand of a case.</summary>
/// <param name="Name">Unique within the case.</param>
/// <param name="Role">What the op does with it.</param>
/// <param name="Shape">Dimensions.</param>
public sealed record OperandSpec(string Name, OperandRole Role, Shape Shape)
{
    /// <summary>Dtype in memory; null for the backend's compute type.</summary>
    public DType? Stored { get; init; }

    /// <summary>Elements between the end of a row and the start of the next.</summary>
    public int RowGap { get; init; }

    /// <summary>Values before the op runs; null for NaN (outputs, and what <see cref="OpCase.Forward"/> computes).</summary>
    public OperandFill? Fill { get; init; }

    /// <summary>Only <see cref="OpCase.Forward"/> uses it, so that it does not count among the bytes that the op moves.</summary>
    public bool ForwardOnly { get; init; }

    /// <summary>An input in the compute type, filled from N(0, 1) if nothing else is said.</summary>
    public static OperandSpec Input(string name, Shape shape, OperandFill? fill = null, int gap = 0) =>
        new(name, OperandRole.In, shape) { Fill = fill ?? Fills.Normal(), RowGap = gap };

    /// <summary>An input in a storage type.</summary>
    public static OperandSpec StoredInput(string name, Shape shape, DType dtype, OperandFill? fill = null, int gap = 0) =>
        new(name, OperandRole.In, shape) { Fill = fill ?? Fills.Normal(), RowGap = gap, Stored = dtype };

    /// <summary>An input that <see cref="OpCase.Forward"/> computes.</summary>
    public static OperandSpec Kept(string name, Shape shape, int gap = 0) => new(name, OperandRole.In, shape) { RowGap = gap };

    /// <summary>An input of <see cref="OpCase.Forward"/> that the op itself does not read.</summary>
    public static OperandSpec ForwardInput(string name, Shape shape, OperandFill? fill = null, int gap = 0) =>
        Input(name, shape, fill, gap) with { ForwardOnly = true };

    /// <summary>An output of <see cref="OpCase.Forward"/> that the op itself does not read.</summary>
    public static OperandSpec ForwardOutput(string name, Shape shape) => Kept(name, shape) with { ForwardOnly = true };

    /// <summary>An output in the compute type.</summary>
    public static OperandSpec Output(string name, Shape shape, int gap = 0) => new(name, OperandRole.Out, shape) { RowGap = gap };

    /// <summary>An operand that is read and overwritten.</summary>
    public static OperandSpec Updated(string name, Shape shape, OperandFill? fill = null, int gap = 0) =>
        new(name, OperandRole.InOut, shape) { Fill = fill ?? Fills.Normal(), RowGap = gap };

    /// <summary>An output, or an operand to add to.</summary>
    public static OperandSpec Result(string name, Shape shape, bool accumulate, int gap = 0) =>
        accumulate ? Updated(name, shape, gap: gap) : Output(name, shape, gap);

    /// <summary>I32 input.</summary>
    public static OperandSpec Integers(string name, Shape shape, OperandFill fill) => StoredInput(name, shape, DType.I32, fill);
}
