namespace Engine.Kernels.Host;

/// <content>Element-wise ops.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void Activate(Activation activation, TensorRef x, TensorRef y)
    {
        OperandCheck check = new("Activate", x.DType);
        check.SameElements(nameof(x), x, x.ElementCount);
        check.SameElements(nameof(y), y, x.ElementCount);
        Run(
            ElementBlocks.Count(x.ElementCount),
            new ActivationForward { Activation = activation, X = Floats(x), Y = Floats(y), Count = x.ElementCount });
    }

    /// <inheritdoc/>
    public void ActivateBackward(Activation activation, TensorRef x, TensorRef outputGradient, TensorRef inputGradient)
    {
        OperandCheck check = new("ActivateBackward", x.DType);
        check.SameElements(nameof(x), x, x.ElementCount);
        check.SameElements(nameof(outputGradient), outputGradient, x.ElementCount);
        check.SameElements(nameof(inputGradient), inputGradient, x.ElementCount);
        Run(
            ElementBlocks.Count(x.ElementCount),
            new ActivationBackward
            {
                Activation = activation,
                X = Floats(x),
                OutputGradient = Floats(outputGradient),
                InputGradient = Floats(inputGradient),
                Count = x.ElementCount,
            });
    }

    /// <inheritdoc/>
    public void Axpy(double alpha, TensorRef x, TensorRef y)
    {
        OperandCheck check = new("Axpy", x.DType);
        check.SameElements(nameof(x), x, x.ElementCount);
        check.SameElements(nameof(y), y, x.ElementCount);
        Run(ElementBlocks.Count(x.ElementCount), new Axpy { Alpha = (float)alpha, X = Floats(x), Y = Floats(y), Count = x.ElementCount });
    }
}
