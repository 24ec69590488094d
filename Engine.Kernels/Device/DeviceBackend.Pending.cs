using System;

namespace Engine.Kernels.Device;

/// <content>Ops without kernels so far.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    public void Attention(in AttentionArgs args) => throw NotYet(nameof(Attention));

    /// <inheritdoc/>
    public void AttentionBackward(in AttentionBackwardArgs args) => throw NotYet(nameof(AttentionBackward));

    /// <inheritdoc/>
    public void EmbedTokens(TensorRef ids, TensorRef tokens, TensorRef positions, int firstPosition, TensorRef output) => throw NotYet(nameof(EmbedTokens));

    /// <inheritdoc/>
    public void EmbedTokensBackward(TensorRef ids, TensorRef outputGradient, TensorRef tokensGradient, TensorRef positionsGradient, bool accumulateTokens = false, bool accumulatePositions = false) => throw NotYet(nameof(EmbedTokensBackward));

    /// <inheritdoc/>
    public void ExtractPatches(TensorRef pixels, int patchSize, TensorRef patches) => throw NotYet(nameof(ExtractPatches));

    /// <inheritdoc/>
    public void FoldPatches(TensorRef patches, int patchSize, TensorRef pixels) => throw NotYet(nameof(FoldPatches));

    /// <inheritdoc/>
    public void AssembleTokens(TensorRef patches, TensorRef classToken, TensorRef positions, TensorRef output) => throw NotYet(nameof(AssembleTokens));

    /// <inheritdoc/>
    public void AssembleTokensBackward(TensorRef outputGradient, TensorRef patchesGradient, TensorRef classTokenGradient, TensorRef positionsGradient, bool accumulate = false) => throw NotYet(nameof(AssembleTokensBackward));

    /// <inheritdoc/>
    public void GatherRows(TensorRef x, TensorRef indices, TensorRef y) => throw NotYet(nameof(GatherRows));

    /// <inheritdoc/>
    public void ScatterRows(TensorRef outputGradient, TensorRef indices, TensorRef inputGradient) => throw NotYet(nameof(ScatterRows));

    /// <inheritdoc/>
    public void WeightedSum(in WeightedSumArgs args) => throw NotYet(nameof(WeightedSum));

    /// <inheritdoc/>
    public void MultiDot(in MultiDotArgs args) => throw NotYet(nameof(MultiDot));

    private static NotSupportedException NotYet(string op) => new($"{op} has no device kernel.");
}
