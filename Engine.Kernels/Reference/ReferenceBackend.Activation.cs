namespace Engine.Kernels.Reference;

/// <content>Activation ops.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void Activate(Activation activation, TensorRef x, TensorRef y) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void ActivateBackward(Activation activation, TensorRef x, TensorRef outputGradient, TensorRef inputGradient) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void Axpy(float alpha, TensorRef x, TensorRef y) =>
        throw new System.NotImplementedException();
}
