namespace Engine.Kernels;

/// <summary>Element-wise ops. In the models activations are fused into products; these stand alone.</summary>
public interface IActivationOps
{
    /// <summary>y = activation(x). 8 bytes per element.</summary>
    /// <param name="activation">Which function.</param>
    /// <param name="x">Input, contiguous.</param>
    /// <param name="y">Output of as many elements; may be x.</param>
    void Activate(Activation activation, TensorRef x, TensorRef y);

    /// <summary>dx = dy * activation'(x). 12 bytes per element.</summary>
    /// <param name="activation">Which function.</param>
    /// <param name="x">The forward pass's input, contiguous.</param>
    /// <param name="outputGradient">dL/dy.</param>
    /// <param name="inputGradient">Receives dL/dx; may be outputGradient.</param>
    void ActivateBackward(Activation activation, TensorRef x, TensorRef outputGradient, TensorRef inputGradient);

    /// <summary>y = y + alpha * x. 12 bytes per element.</summary>
    /// <param name="alpha">Factor.</param>
    /// <param name="x">Contiguous.</param>
    /// <param name="y">As many elements as x.</param>
    void Axpy(double alpha, TensorRef x, TensorRef y);
}
