namespace Engine.Kernels.Host;

/// <content>Merge ops.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void WeightedSum(in WeightedSumArgs args) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void MultiDot(in MultiDotArgs args) =>
        throw new System.NotImplementedException();
}
