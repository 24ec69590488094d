namespace Engine.Kernels;

/// <summary>Multi-head attention.</summary>
public interface IAttentionOps
{
    /// <summary>Forward; see <see cref="AttentionArgs"/>.</summary>
    void Attention(in AttentionArgs args);

    /// <summary>Backward; see <see cref="AttentionBackwardArgs"/>.</summary>
    void AttentionBackward(in AttentionBackwardArgs args);
}
