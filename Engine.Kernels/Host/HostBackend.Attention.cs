namespace Engine.Kernels.Host;

/// <content>Attention ops.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void Attention(in AttentionArgs args) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void AttentionBackward(in AttentionBackwardArgs args) =>
        throw new System.NotImplementedException();
}
