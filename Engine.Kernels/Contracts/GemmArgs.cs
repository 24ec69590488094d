namespace Engine.Kernels;

/// <summary>
/// Operands of a general matrix product with a fused epilogue:
/// <code>
/// t = op(A) op(B) [+ C if Accumulate] [+ Bias]
/// PreActivation = t                            (if given)
/// t = Activation(t)
/// t = t * ActivationGradient'(ActivationGradientInput)   (if given)
/// C = t [+ Residual]
/// </code>
/// op(A) is [M, K], op(B) is [K, N]; C, PreActivation, ActivationGradientInput, Residual are [M, N]; Bias is [N].
/// Every matrix may have gaps between its rows. B may be stored in BF16, all others are in the compute type, in which sums are
/// taken (the reference sums in F64); a backend may be asked to round the elements of A and B (<see cref="Precision"/>). C may not overlap any other operand except Residual, which may be C itself.
/// 2MNK flops; at least 4(MK + KN + MN) bytes in F32, 4(MK + MN) + 2KN with B in BF16.
/// </summary>
public readonly struct GemmArgs
{
    /// <summary>[M, K], or [K, M] if <see cref="TransposeA"/>.</summary>
    public TensorRef A { get; init; }

    /// <summary>[K, N], or [N, K] if <see cref="TransposeB"/>; in the compute type or in BF16.</summary>
    public TensorRef B { get; init; }

    /// <summary>Result [M, N].</summary>
    public TensorRef C { get; init; }

    /// <summary>Use A transposed.</summary>
    public bool TransposeA { get; init; }

    /// <summary>Use B transposed.</summary>
    public bool TransposeB { get; init; }

    /// <summary>Add to C instead of overwriting it.</summary>
    public bool Accumulate { get; init; }

    /// <summary>Optional [N], added to every row.</summary>
    public TensorRef Bias { get; init; }

    /// <summary>Applied after the bias.</summary>
    public Activation Activation { get; init; }

    /// <summary>Optional [M, N]: receives the value before the activation, which the backward pass needs.</summary>
    public TensorRef PreActivation { get; init; }

    /// <summary>The activation whose derivative multiplies the product (backward passes).</summary>
    public Activation ActivationGradient { get; init; }

    /// <summary>Optional [M, N]: the pre-activation at which <see cref="ActivationGradient"/> is taken.</summary>
    public TensorRef ActivationGradientInput { get; init; }

    /// <summary>Optional [M, N], added last.</summary>
    public TensorRef Residual { get; init; }

    /// <summary>Rows of the result.</summary>
    public int M => C.Rows;

    /// <summary>Columns of the result.</summary>
    public int N => C.Columns;

    /// <summary>Length of the inner products.</summary>
    public int K => TransposeA ? A.Rows : A.Columns;

    /// <summary>Checks shapes and dtypes.</summary>
    /// <exception cref="OperandException">An operand does not fit.</exception>
    public void Validate()
    {
        OperandCheck check = new("Gemm", C.DType);
        check.Matrix(nameof(A), A, TransposeA ? K : M, TransposeA ? M : K);
        check.StoredMatrix(nameof(B), B, TransposeB ? N : K, TransposeB ? K : N);
        check.Matrix(nameof(C), C, M, N);
        check.OptionalVector(nameof(Bias), Bias, N);
        check.OptionalMatrix(nameof(PreActivation), PreActivation, M, N);
        check.OptionalMatrix(nameof(ActivationGradientInput), ActivationGradientInput, M, N);
        check.OptionalMatrix(nameof(Residual), Residual, M, N);
        check.That(
            ActivationGradientInput.IsNone == (ActivationGradient == Activation.None),
            $"{nameof(ActivationGradient)} and {nameof(ActivationGradientInput)} go together");
    }
}
