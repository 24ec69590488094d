namespace Engine.Kernels;

/// <summary>From tokens and pixels to rows of features, and picking rows out again.</summary>
public interface IEmbeddingOps
{
    /// <summary>out[b, t] = tokens[ids[b, t]] + positions[firstPosition + t].</summary>
    /// <param name="ids">I32 [B, T], each 0 to V - 1.</param>
    /// <param name="tokens">Token table [V, C], in the compute type or in BF16.</param>
    /// <param name="positions">Position table [P, C], P at least firstPosition + T.</param>
    /// <param name="firstPosition">Position of column 0 of ids (key/value cache).</param>
    /// <param name="output">[B * T, C].</param>
    void EmbedTokens(TensorRef ids, TensorRef tokens, TensorRef positions, int firstPosition, TensorRef output);

    /// <summary>Gradients of <see cref="EmbedTokens"/> with firstPosition 0. Rows that no id names become zero unless
    /// accumulated.</summary>
    /// <param name="ids">I32 [B, T].</param>
    /// <param name="outputGradient">[B * T, C].</param>
    /// <param name="tokensGradient">Optional [V, C].</param>
    /// <param name="positionsGradient">Optional [P, C].</param>
    /// <param name="accumulateTokens">Add to tokensGradient instead of overwriting it (tied language-model head).</param>
    /// <param name="accumulatePositions">Add to positionsGradient instead of overwriting it.</param>
    void EmbedTokensBackward(
        TensorRef ids,
        TensorRef outputGradient,
        TensorRef tokensGradient,
        TensorRef positionsGradient,
        bool accumulateTokens = false,
        bool accumulatePositions = false);

    /// <summary>Cuts images into patches: row (b, py, px) holds the pixels of one patch in the order (channel, y, x), which is
    /// the order of a convolution kernel's weights.</summary>
    /// <param name="pixels">[B, channels, height, width].</param>
    /// <param name="patchSize">Edge length; divides height and width.</param>
    /// <param name="patches">[B * (height / patchSize) * (width / patchSize), channels * patchSize * patchSize].</param>
    void ExtractPatches(TensorRef pixels, int patchSize, TensorRef patches);

    /// <summary>The inverse of <see cref="ExtractPatches"/>, which is also its gradient.</summary>
    void FoldPatches(TensorRef patches, int patchSize, TensorRef pixels);

    /// <summary>out[b, 0] = classToken + positions[0]; out[b, 1 + p] = patches[b, p] + positions[1 + p].</summary>
    /// <param name="patches">[B * P, C].</param>
    /// <param name="classToken">[C].</param>
    /// <param name="positions">[P + 1, C].</param>
    /// <param name="output">[B * (P + 1), C].</param>
    void AssembleTokens(TensorRef patches, TensorRef classToken, TensorRef positions, TensorRef output);

    /// <summary>Gradients of <see cref="AssembleTokens"/>.</summary>
    /// <param name="outputGradient">[B * (P + 1), C].</param>
    /// <param name="patchesGradient">Optional [B * P, C].</param>
    /// <param name="classTokenGradient">Optional [C].</param>
    /// <param name="positionsGradient">Optional [P + 1, C].</param>
    /// <param name="accumulate">Add to the two parameter gradients instead of overwriting them.</param>
    void AssembleTokensBackward(
        TensorRef outputGradient,
        TensorRef patchesGradient,
        TensorRef classTokenGradient,
        TensorRef positionsGradient,
        bool accumulate = false);

    /// <summary>y[i] = x[indices[i]].</summary>
    /// <param name="x">[R, C].</param>
    /// <param name="indices">I32 [N], each 0 to R - 1.</param>
    /// <param name="y">[N, C].</param>
    void GatherRows(TensorRef x, TensorRef indices, TensorRef y);

    /// <summary>Gradient of <see cref="GatherRows"/>: dx = 0, then dx[indices[i]] += dy[i].</summary>
    void ScatterRows(TensorRef outputGradient, TensorRef indices, TensorRef inputGradient);
}
