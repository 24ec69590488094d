namespace Engine.Kernels.Host;

/// <summary>Where a finished tile of a product goes and what is done to it on the way; see <see cref="GemmArgs"/>.
/// Null pointers stand for options not used; strides are in floats.</summary>
internal unsafe struct GemmEpilogue
{
    public float* C;
    public nint CStride;
    public bool Accumulate;
    public float* Bias;
    public Activation Activation;
    public float* PreActivation;
    public nint PreActivationStride;
    public Activation Gradient;
    public float* GradientInput;
    public nint GradientInputStride;
    public float* Residual;
    public nint ResidualStride;

    /// <summary>True if the product only overwrites C or adds to it, so that the micro-kernel can do it itself.</summary>
    public readonly bool IsPlain =>
        Bias == null && Activation == Activation.None && PreActivation == null && GradientInput == null && Residual == null;

    /// <summary>True if C's old content is needed at the end, so that C cannot hold partial sums before.</summary>
    public readonly bool ReadsCAsResidual => Residual == C;

    /// <summary>Turns "C + A B" written with C as the residual into the same sum written as accumulation, which needs no
    /// second look at C.</summary>
    public void Simplify()
    {
        bool isLinear = Activation == Activation.None && PreActivation == null && GradientInput == null;
        if (isLinear && !Accumulate && Residual == C && ResidualStride == CStride)
        {
            Accumulate = true;
            Residual = null;
        }
    }

    /// <summary>The same epilogue for the part of C that begins at the given row and column.</summary>
    public readonly GemmEpilogue At(int row, int column)
    {
        GemmEpilogue moved = this;
        moved.C = Offset(C, CStride, row, column);
        moved.Bias = Bias == null ? null : Bias + column;
        moved.PreActivation = Offset(PreActivation, PreActivationStride, row, column);
        moved.GradientInput = Offset(GradientInput, GradientInputStride, row, column);
        moved.Residual = Offset(Residual, ResidualStride, row, column);
        return moved;
    }

    /// <summary>Address of one element; null stays null.</summary>
    public static float* Offset(float* matrix, nint stride, int row, int column) =>
        matrix == null ? null : matrix + (row * stride) + column;
}
