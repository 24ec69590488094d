namespace Engine.Kernels.Reference;

/// <content>Merge ops.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void WeightedSum(in WeightedSumArgs args) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void MultiDot(in MultiDotArgs args) =>
        throw new System.NotImplementedException();
}
