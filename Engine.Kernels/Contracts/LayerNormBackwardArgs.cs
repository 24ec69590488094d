namespace Engine.Kernels;

/// <summary>
/// Gradient of layer normalisation. With xhat = (x - mean) * rstd and g = dy * gamma:
/// dx = rstd * (g - mean(g) - xhat * mean(g * xhat)); dgamma = sum over rows of dy * xhat; dbeta = sum over rows of dy.
/// </summary>
public readonly struct LayerNormBackwardArgs
{
    /// <summary>dL/dy [R, C].</summary>
    public TensorRef OutputGradient { get; init; }

    /// <summary>The forward pass's input [R, C].</summary>
    public TensorRef X { get; init; }

    /// <summary>Gain [C].</summary>
    public TensorRef Gamma { get; init; }

    /// <summary>Row means of the forward pass [R].</summary>
    public TensorRef Mean { get; init; }

    /// <summary>1 / sqrt(variance + epsilon) of the forward pass [R].</summary>
    public TensorRef ReciprocalDeviation { get; init; }

    /// <summary>Optional [R, C]: receives dL/dx; may be OutputGradient itself.</summary>
    public TensorRef InputGradient { get; init; }

    /// <summary>Add to <see cref="InputGradient"/> instead of overwriting it (the residual stream).</summary>
    public bool AccumulateInputGradient { get; init; }

    /// <summary>Optional [C]: receives dL/dgamma. Given together with <see cref="BetaGradient"/>.</summary>
    public TensorRef GammaGradient { get; init; }

    /// <summary>Optional [C]: receives dL/dbeta.</summary>
    public TensorRef BetaGradient { get; init; }

    /// <summary>Add to the two parameter gradients instead of overwriting them.</summary>
    public bool AccumulateParameterGradients { get; init; }

    /// <summary>Checks shapes and dtypes.</summary>
    /// <exception cref="OperandException">An operand does not fit.</exception>
    public void Validate()
    {
        OperandCheck check = new("LayerNormBackward", X.DType);
        check.Matrix(nameof(OutputGradient), OutputGradient, X.Rows, X.Columns);
        check.Vector(nameof(Gamma), Gamma, X.Columns);
        check.Vector(nameof(Mean), Mean, X.Rows);
        check.Vector(nameof(ReciprocalDeviation), ReciprocalDeviation, X.Rows);
        check.OptionalMatrix(nameof(InputGradient), InputGradient, X.Rows, X.Columns);
        check.OptionalVector(nameof(GammaGradient), GammaGradient, X.Columns);
        check.OptionalVector(nameof(BetaGradient), BetaGradient, X.Columns);
        check.That(GammaGradient.IsNone == BetaGradient.IsNone, $"{nameof(GammaGradient)} and {nameof(BetaGradient)} go together");
    }
}
