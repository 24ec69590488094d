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
    /// <summary>The slots' first output that belongs to the layer.</summary>
    private int FirstOutput { get; init; }

    /// <summary>Outputs of the slots.</summary>
    private int SlotOutputs { get; init; } = Outputs;

    /// <summary>Some of the outputs as a layer of their own, with the same slots.</summary>
    /// <param name="firstOutput">The first of them.</param>
    /// <param name="outputs">Their number.</param>
    public Linear Part(int firstOutput, int outputs) => this with { FirstOutput = FirstOutput + firstOutput, Outputs = outputs };

    /// <summary>The product y = x W + b; callers add an epilogue.</summary>
    public GemmArgs Forward(ParameterSet parameters, TensorRef x, TensorRef y) => new()
    {
        A = x,
        B = WeightOf(parameters),
        TransposeB = !InputMajor,
        C = y,
        Bias = BiasOf(parameters),
    };

    /// <summary>The product dx = dy W; callers add an epilogue.</summary>
    public GemmArgs InputGradient(ParameterSet parameters, TensorRef outputGradient, TensorRef inputGradient) => new()
    {
        A = outputGradient,
        B = WeightOf(parameters),
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
                C = WeightOf(gradients),
                Accumulate = accumulate,
            });
        }

        if (!gradients.Slot(Bias).IsNone)
        {
            backend.SumRows(outputGradient, BiasOf(gradients), accumulate);
        }
    }

    /// <summary>True if a gradient of this layer is asked for.</summary>
    public bool IsWanted(ParameterSet gradients) => !gradients.Slot(Weight).IsNone || !gradients.Slot(Bias).IsNone;

    private TensorRef WeightOf(ParameterSet set)
    {
        TensorRef slot = set.Slot(Weight);
        return InputMajor
            ? slot.Reshape(new Shape(Inputs, SlotOutputs)).SliceColumns(FirstOutput, Outputs)
            : slot.Reshape(new Shape(SlotOutputs, Inputs)).SliceRows(FirstOutput, Outputs);
    }

    private TensorRef BiasOf(ParameterSet set)
    {
        TensorRef slot = set.Slot(Bias);
        return slot.IsNone ? slot : slot.SliceColumns(FirstOutput, Outputs);
    }
}
