namespace Engine.Kernels.Reference;

/// <content>Optimizer ops.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void AdamW(in AdamWArgs args) =>
        throw new System.NotImplementedException();
}
