namespace Engine.Kernels.Reference;

/// <content>Norm ops.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void LayerNorm(in LayerNormArgs args) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void LayerNormBackward(in LayerNormBackwardArgs args) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void NormalizeRows(TensorRef x, TensorRef y, TensorRef norms) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void NormalizeRowsBackward(TensorRef outputGradient, TensorRef y, TensorRef norms, TensorRef inputGradient) =>
        throw new System.NotImplementedException();
}
