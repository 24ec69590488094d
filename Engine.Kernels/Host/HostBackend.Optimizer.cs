namespace Engine.Kernels.Host;

/// <content>Optimizer ops.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void AdamW(in AdamWArgs args) =>
        throw new System.NotImplementedException();
}
