namespace Engine.Kernels.Host;

/// <content>Gemm ops.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void Gemm(in GemmArgs args)
    {
        args.Validate();
        Run(new GemmOp(Operands(args)));
    }

    /// <inheritdoc/>
    public void SumRows(TensorRef x, TensorRef sums, bool accumulate = false)
    {
        OperandCheck check = new("SumRows", x.DType);
        check.Typed(nameof(x), x, DType.F32);
        check.Vector(nameof(sums), sums, x.Columns);
        Run(new SumRowsOp
        {
            X = Floats(x),
            XStride = x.RowStride,
            Rows = x.Rows,
            Columns = x.Columns,
            Sums = Floats(sums),
            Accumulate = accumulate,
        });
    }

    /// <summary>Addresses and sizes of checked operands.</summary>
    internal static GemmOperands Operands(in GemmArgs args)
    {
        GemmOperands operands = new()
        {
            A = Floats(args.A),
            AStride = args.A.RowStride,
            TransposeA = args.TransposeA,
            B = Describe(args.B),
            BStride = args.B.RowStride,
            TransposeB = args.TransposeB,
            M = args.M,
            N = args.N,
            K = args.K,
            Epilogue = new GemmEpilogue
            {
                C = Floats(args.C),
                CStride = args.C.RowStride,
                Accumulate = args.Accumulate,
                Bias = Floats(args.Bias),
                Activation = args.Activation,
                PreActivation = Floats(args.PreActivation),
                PreActivationStride = args.PreActivation.RowStride,
                Gradient = args.ActivationGradient,
                GradientInput = Floats(args.ActivationGradientInput),
                GradientInputStride = args.ActivationGradientInput.RowStride,
                Residual = Floats(args.Residual),
                ResidualStride = args.Residual.RowStride,
            },
        };
        operands.Epilogue.Simplify();
        return operands;
    }
}
