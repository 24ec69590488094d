namespace Engine.Kernels.Reference;

/// <content>Gemm ops.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void Gemm(in GemmArgs args) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void SumRows(TensorRef x, TensorRef sums, bool accumulate = false) =>
        throw new System.NotImplementedException();
}
