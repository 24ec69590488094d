namespace Engine.Kernels.Host;

/// <content>Activation ops.</content>
public sealed unsafe partial class HostBackend
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
