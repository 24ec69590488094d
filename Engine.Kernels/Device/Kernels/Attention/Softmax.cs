using ILGPU.Algorithms;

namespace Engine.Kernels.Device;

/// <summary>
/// Softmax of four rows at a time, block by block, with the exponentials of what came before rescaled whenever a larger score turns up (Milakov
/// and Gimelshein, arXiv 1805.02867). Scores are in units of log2 e. Maximum and sum are minus infinity and zero at first.
/// </summary>
internal static class Softmax
{
    /// <summary>What to subtract from scores: their largest so far; zero as long as all are hidden.</summary>
    public static Float4 Shift(Float4 maximum) => new(Shift(maximum.X), Shift(maximum.Y), Shift(maximum.Z), Shift(maximum.W));

    /// <summary>1 / sum, by which sums of values are multiplied; zero for a row that sees no key; NaN stays NaN.</summary>
    public static Float4 Normalization(Float4 sum) =>
        new(Normalization(sum.X), Normalization(sum.Y), Normalization(sum.Z), Normalization(sum.W));

    /// <summary>ln sum exp of the scores; minus infinity for a row that sees no key; NaN stays NaN.</summary>
    public static Float4 LogSumExp(Float4 maximum, Float4 sum) => new(
        LogSumExp(maximum.X, sum.X), LogSumExp(maximum.Y, sum.Y), LogSumExp(maximum.Z, sum.Z), LogSumExp(maximum.W, sum.W));

    /// <inheritdoc cref="Normalization(Float4)"/>
    public static float Normalization(float sum) => sum > 0 ? 1 / sum : sum;

    /// <inheritdoc cref="Shift(Float4)"/>
    public static float Shift(float maximum) => maximum > float.NegativeInfinity ? maximum : 0;

    /// <inheritdoc cref="LogSumExp(Float4, Float4)"/>
    public static float LogSumExp(float maximum, float sum) => sum > 0
        ? (maximum + XMath.Log2(sum)) * AttentionOperands.Ln2
        : sum + float.NegativeInfinity;
}
