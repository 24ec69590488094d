using System;

namespace Engine.Kernels.Device;

/// <content>Ops without kernels so far.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    public void Gemm(in GemmArgs args) => throw NotYet(nameof(Gemm));

    /// <inheritdoc/>
    public void SumRows(TensorRef x, TensorRef sums, bool accumulate = false) => throw NotYet(nameof(SumRows));

    private static NotSupportedException NotYet(string op) => new($"{op} has no device kernel.");
}
