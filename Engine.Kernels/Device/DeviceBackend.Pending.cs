using System;

namespace Engine.Kernels.Device;

/// <content>Ops without kernels so far.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    public void Attention(in AttentionArgs args) => throw NotYet(nameof(Attention));

    /// <inheritdoc/>
    public void AttentionBackward(in AttentionBackwardArgs args) => throw NotYet(nameof(AttentionBackward));

    private static NotSupportedException NotYet(string op) => new($"{op} has no device kernel.");
}
