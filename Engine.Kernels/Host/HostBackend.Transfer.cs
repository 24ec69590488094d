namespace Engine.Kernels.Host;

/// <content>Transfer ops.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void Upload<T>(System.ReadOnlySpan<T> source, TensorRef destination)
        where T : unmanaged =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void Download<T>(TensorRef source, System.Span<T> destination)
        where T : unmanaged =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void Copy(TensorRef source, TensorRef destination) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void Fill(TensorRef destination, float value) =>
        throw new System.NotImplementedException();
}
