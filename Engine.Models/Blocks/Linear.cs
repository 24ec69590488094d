using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// A linear layer y = x W^T + b with W [out, in], or y = x W + b with W [in, out] (GPT-2's Conv1D). Weights stay in the checkpoint's
/// layout; the products take the transposes.
/// </summary>
/// <param name="Weight">Slot of the weight.</param>
/// <param name="Bias">Slot of the bias [out]; -1 for none.</param>
/// <param name="Inputs">Size of x's rows.</param>
/// <param name="Outputs">Size of y's rows.</param>
/// <param name="InputMajor">True for [in, out].</param>
internal sealed record Linear(int Weight, int Bias, int Inputs, int Outputs, bool InputMajor = false)
{
    /// <summary>The product y = x W + b; callers add an epilogue.</summary>
    public GemmArgs Forward(ParameterSet parameters, TensorRef x, TensorRef y) => new()
    {
        A = x,
        B = Matrix(parameters),
        TransposeB = !InputMajor,
        C = y,
        Bias = parameters.Slot(Bias),
    };

    /// <summary>The product dx = dy W; callers add an epilogue.</summary>
    public GemmArgs InputGradient(ParameterSet parameters, TensorRef outputGradient, TensorRef inputGradient) => new()
    {
        A = outputGradient,
        B = Matrix(parameters),
        TransposeB = InputMajor,
        C = inputGradient,
    };

    /// <summary>Computes the gradients of weight and bias, as far as <paramref name="gradients"/> has them.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="gradients">Where the gradients go.</param>
    /// <param name="x">The forward pass's input [R, in].</param>
    /// <param name="outputGradient">dL/dy [R, out].</param>
    /// <param name="accumulate">Add to the gradients instead of overwriting them.</param>
    public void WeightGradient(IBackend backend, ParameterSet gradients, TensorRef x, TensorRef outputGradient, bool accumulate)
    {
        if (!gradients.Slot(Weight).IsNone)
        {
            backend.Gemm(new GemmArgs
            {
                A = InputMajor ? x : outputGradient,
                TransposeA = true,
                B = InputMajor ? outputGradient : x,
                C = Matrix(gradients),
                Accumulate = accumulate,
            });
        }

        if (Bias >= 0 && !gradients.Slot(Bias).IsNone)
        {
            backend.SumRows(outputGradient, gradients.Slot(Bias), accumulate);
        }
    }

    /// <summary>True if a gradient of this layer is asked for.</summary>
    public bool IsWanted(ParameterSet gradients) => !gradients.Slot(Weight).IsNone || !gradients.Slot(Bias).IsNone;

    private TensorRef Matrix(ParameterSet set) =>
        set.Slot(Weight).Reshape(InputMajor ? new Shape(Inputs, Outputs) : new Shape(Outputs, Inputs));
}
