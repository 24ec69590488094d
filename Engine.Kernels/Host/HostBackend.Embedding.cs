namespace Engine.Kernels.Host;

/// <content>Embedding ops.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void EmbedTokens(TensorRef ids, TensorRef tokens, TensorRef positions, int firstPosition, TensorRef output) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void EmbedTokensBackward(
        TensorRef ids,
        TensorRef outputGradient,
        TensorRef tokensGradient,
        TensorRef positionsGradient,
        bool accumulateTokens = false,
        bool accumulatePositions = false) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void ExtractPatches(TensorRef pixels, int patchSize, TensorRef patches) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void FoldPatches(TensorRef patches, int patchSize, TensorRef pixels) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void AssembleTokens(TensorRef patches, TensorRef classToken, TensorRef positions, TensorRef output) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void AssembleTokensBackward(
        TensorRef outputGradient,
        TensorRef patchesGradient,
        TensorRef classTokenGradient,
        TensorRef positionsGradient,
        bool accumulate = false) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void GatherRows(TensorRef x, TensorRef indices, TensorRef y) =>
        throw new System.NotImplementedException();

    /// <inheritdoc/>
    public void ScatterRows(TensorRef outputGradient, TensorRef indices, TensorRef inputGradient) =>
        throw new System.NotImplementedException();
}
