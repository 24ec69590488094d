namespace Engine.Kernels.Reference;

/// <content>Attention ops.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void Attention(in AttentionArgs args) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void AttentionBackward(in AttentionBackwardArgs args) =>
        throw new System.NotImplementedException();
}
