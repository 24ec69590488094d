namespace Engine.Kernels.Reference;

/// <content>Element-wise ops.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void Activate(Activation activation, TensorRef x, TensorRef y)
    {
        OperandCheck check = new("Activate", x.DType);
        check.SameElements(nameof(x), x, x.ElementCount);
        check.SameElements(nameof(y), y, x.ElementCount);
        Elements input = new(x);
        Elements output = new(y);
        for (long i = 0; i < input.Count; i++)
        {
            output[i] = ActivationFunction.Value(activation, input[i]);
        }
    }

    /// <inheritdoc/>
    public void ActivateBackward(Activation activation, TensorRef x, TensorRef outputGradient, TensorRef inputGradient)
    {
        OperandCheck check = new("ActivateBackward", x.DType);
        check.SameElements(nameof(x), x, x.ElementCount);
        check.SameElements(nameof(outputGradient), outputGradient, x.ElementCount);
        check.SameElements(nameof(inputGradient), inputGradient, x.ElementCount);
        Elements input = new(x);
        Elements dy = new(outputGradient);
        Elements dx = new(inputGradient);
        for (long i = 0; i < input.Count; i++)
        {
            dx[i] = dy[i] * ActivationFunction.Derivative(activation, input[i]);
        }
    }

    /// <inheritdoc/>
    public void Axpy(double alpha, TensorRef x, TensorRef y)
    {
        OperandCheck check = new("Axpy", x.DType);
        check.SameElements(nameof(x), x, x.ElementCount);
        check.SameElements(nameof(y), y, x.ElementCount);
        Elements addend = new(x);
        Elements sum = new(y);
        for (long i = 0; i < addend.Count; i++)
        {
            sum[i] += alpha * addend[i];
        }
    }
}
