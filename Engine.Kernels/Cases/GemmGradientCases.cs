using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Kernels.Cases;

/// <summary>Gradients of products: two layers, so that every epilogue of a backward pass takes part.</summary>
internal static class GemmGradientCases
{
    private const int Rows = 5;
    private const int In = 7;
    private const int Hidden = 6;
    private const int Out = 3;

    /// <summary>
    /// pre = op(x) op(w1) + b1 [5, 6]; h = activation(pre); y = h w2 + b2 + r [5, 3]; and back again:
    /// dpre = (dy w2^T) * activation'(pre), dw2 = h^T dy, db2 = column sums of dy, dr = dy, dx and dw1 in the layout of x and w1.
    /// </summary>
    public static OpCase Layer(bool transposeX, bool transposeWeight, Activation activation)
    {
        Shape xShape = transposeX ? new Shape(In, Rows) : new Shape(Rows, In);
        Shape weightShape = transposeWeight ? new Shape(Hidden, In) : new Shape(In, Hidden);
        return new OpCase
        {
            Op = "Gemm",
            Name = $"backward of two layers {(transposeX ? 't' : 'n')}{(transposeWeight ? 't' : 'n')} {activation}",
            Operands =
            [
                Input("x", xShape, gap: 2), Input("w1", weightShape, gap: 1), Input("b1", new Shape(Hidden)),
                Input("w2", new Shape(Hidden, Out)), Input("b2", new Shape(Out)), Input("r", new Shape(Rows, Out)),
                Kept("pre", new Shape(Rows, Hidden), gap: 1), Kept("h", new Shape(Rows, Hidden)), Kept("y", new Shape(Rows, Out)),
                Input("dy", new Shape(Rows, Out)),
                Output("dpre", new Shape(Rows, Hidden), gap: 3), Output("dx", xShape, gap: 4), Updated("dw1", weightShape, gap: 2),
                Output("db1", new Shape(Hidden)), Output("dw2", new Shape(Hidden, Out)), Updated("db2", new Shape(Out)),
            ],
            Forward = (backend, t) => Forward(backend, t, transposeX, transposeWeight, activation),
            Call = (backend, t) => Backward(backend, t, transposeX, transposeWeight, activation),
            OutputGradient = new GradientPair("y", "dy"),
            InputGradients =
            [
                new GradientPair("x", "dx"), new GradientPair("w1", "dw1"), new GradientPair("b1", "db1"),
                new GradientPair("w2", "dw2"), new GradientPair("b2", "db2"), new GradientPair("r", "dy"),
            ],
            Flops = 4.0 * Rows * Hidden * (In + Out),
        };
    }

    private static void Forward(IBackend backend, CaseOperands t, bool transposeX, bool transposeWeight, Activation activation)
    {
        backend.Gemm(new GemmArgs
        {
            A = t["x"],
            TransposeA = transposeX,
            B = t["w1"],
            TransposeB = transposeWeight,
            Bias = t["b1"],
            PreActivation = t["pre"],
            Activation = activation,
            C = t["h"],
        });
        backend.Gemm(new GemmArgs { A = t["h"], B = t["w2"], Bias = t["b2"], Residual = t["r"], C = t["y"] });
    }

    private static void Backward(IBackend backend, CaseOperands t, bool transposeX, bool transposeWeight, Activation activation)
    {
        backend.SumRows(t["dy"], t["db2"], accumulate: true);
        backend.Gemm(new GemmArgs { A = t["h"], TransposeA = true, B = t["dy"], C = t["dw2"] });
        backend.Gemm(new GemmArgs
        {
            A = t["dy"],
            B = t["w2"],
            TransposeB = true,
            ActivationGradient = activation,
            ActivationGradientInput = activation == Activation.None ? default : t["pre"],
            C = t["dpre"],
        });
        backend.SumRows(t["dpre"], t["db1"]);
        backend.Gemm(transposeX
            ? new GemmArgs { A = t["w1"], TransposeA = transposeWeight, B = t["dpre"], TransposeB = true, C = t["dx"] }
            : new GemmArgs { A = t["dpre"], B = t["w1"], TransposeB = !transposeWeight, C = t["dx"] });
        backend.Gemm(transposeWeight
            ? new GemmArgs { A = t["dpre"], TransposeA = true, B = t["x"], TransposeB = transposeX, C = t["dw1"], Accumulate = true }
            : new GemmArgs { A = t["x"], TransposeA = !transposeX, B = t["dpre"], C = t["dw1"], Accumulate = true });
    }
}
