namespace Engine.Kernels;

/// <summary>
/// Layer normalisation over the last dimension (Ba et al., arXiv 1607.06450):
/// y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, variance divided by C. About 8RC flops, 8RC bytes.
/// </summary>
public readonly struct LayerNormArgs
{
    /// <summary>Input [R, C].</summary>
    public TensorRef X { get; init; }

    /// <summary>Gain [C].</summary>
    public TensorRef Gamma { get; init; }

    /// <summary>Offset [C].</summary>
    public TensorRef Beta { get; init; }

    /// <summary>Output [R, C]; may be X itself.</summary>
    public TensorRef Y { get; init; }

    /// <summary>Optional [R]: receives the row means, which the backward pass needs.</summary>
    public TensorRef Mean { get; init; }

    /// <summary>Optional [R]: receives 1 / sqrt(variance + epsilon). Given together with <see cref="Mean"/>.</summary>
    public TensorRef ReciprocalDeviation { get; init; }

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; init; }

    /// <summary>Checks shapes and dtypes.</summary>
    /// <exception cref="OperandException">An operand does not fit.</exception>
    public void Validate()
    {
        OperandCheck check = new("LayerNorm", X.DType);
        check.Matrix(nameof(Y), Y, X.Rows, X.Columns);
        check.Vector(nameof(Gamma), Gamma, X.Columns);
        check.Vector(nameof(Beta), Beta, X.Columns);
        check.OptionalVector(nameof(Mean), Mean, X.Rows);
        check.OptionalVector(nameof(ReciprocalDeviation), ReciprocalDeviation, X.Rows);
        check.That(Mean.IsNone == ReciprocalDeviation.IsNone, $"{nameof(Mean)} and {nameof(ReciprocalDeviation)} go together");
    }
}
