namespace Engine.Kernels.Reference;

/// <content>Matrix products.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void Gemm(in GemmArgs args)
    {
        args.Validate();
        Elements c = new(args.C);
        Elements bias = new(args.Bias);
        Elements preActivation = new(args.PreActivation);
        Elements gradientInput = new(args.ActivationGradientInput);
        Elements residual = new(args.Residual);
        for (int i = 0; i < args.M; i++)
        {
            for (int j = 0; j < args.N; j++)
            {
                double t = InnerProduct(args, i, j);
                t += args.Accumulate ? c[i, j] : 0;
                t += bias.Exist ? bias[j] : 0;
                if (preActivation.Exist)
                {
                    preActivation[i, j] = t;
                }

                t = ActivationFunction.Value(args.Activation, t);
                if (gradientInput.Exist)
                {
                    t *= ActivationFunction.Derivative(args.ActivationGradient, gradientInput[i, j]);
                }

                c[i, j] = t + (residual.Exist ? residual[i, j] : 0);
            }
        }
    }

    /// <inheritdoc/>
    public void SumRows(TensorRef x, TensorRef sums, bool accumulate = false)
    {
        OperandCheck check = new("SumRows", x.DType);
        check.Matrix(nameof(x), x, x.Rows, x.Columns);
        check.Vector(nameof(sums), sums, x.Columns);
        Elements input = new(x);
        Elements output = new(sums);
        for (int j = 0; j < input.Columns; j++)
        {
            double sum = accumulate ? output[j] : 0;
            for (int i = 0; i < input.Rows; i++)
            {
                sum += input[i, j];
            }

            output[j] = sum;
        }
    }

    /// <summary>Row i of op(A) times column j of op(B).</summary>
    private double InnerProduct(in GemmArgs args, int i, int j)
    {
        Elements a = new(args.A);
        Elements b = new(args.B);
        double sum = 0;
        for (int k = 0; k < args.K; k++)
        {
            sum += OperandRounding.Round(args.TransposeA ? a[k, i] : a[i, k], Info.Precision)
                * OperandRounding.Round(args.TransposeB ? b[j, k] : b[k, j], Info.Precision);
        }

        return sum;
    }
}
