namespace Engine.Kernels.Host;

/// <content>Loss ops.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void CrossEntropy(in CrossEntropyArgs args) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void SquaredError(TensorRef predictions, TensorRef targets, TensorRef losses, TensorRef gradient, float gradientScale) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void ArgMax(TensorRef x, TensorRef indices) =>
        throw new System.NotImplementedException();
}
