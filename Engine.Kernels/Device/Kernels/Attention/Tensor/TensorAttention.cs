using ILGPU;
using ILGPU.Algorithms;

namespace Engine.Kernels.Device;

/// <summary>
/// What attention's kernels on tensor cores share. A group owns 128 rows, of queries or of keys, sixteen per warp, and walks over tiles of
/// 32 tokens of two operands, one tile of each at a time.
/// </summary>
internal static class TensorAttention
{
    /// <summary>Rows of a group.</summary>
    public const int Rows = 128;

    /// <summary>Rows of a warp: those of one instruction.</summary>
    public const int WarpRows = TensorGemm.StepRows;

    /// <summary>Threads per group.</summary>
    public const int Threads = Rows / WarpRows * 32;

    /// <summary>Tokens of a tile.</summary>
    public const int TileTokens = 32;

    /// <summary>Numbers of a row: of the longest head. Shorter ones are filled up with zeros.</summary>
    public const int Columns = AttentionArgs.LongestRoundedHead;

    /// <summary>Bytes of a row where a warp hands over half of its columns of sums.</summary>
    public const int HandoverBytes = Columns / 2 * sizeof(float);

    /// <summary>The calling thread's place in its warp.</summary>
    public static int Lane => Group.IdxX & 31;

    /// <summary>The first of the calling warp's rows among those of the group.</summary>
    public static int WarpRow => (Group.IdxX >> 5) * WarpRows;

    /// <summary>Of the two rows of which the calling thread has sums, the first; the other one is eight rows on.</summary>
    public static int ThreadRow => WarpRow + (Lane >> 2);

    /// <summary>Groups for so many tokens.</summary>
    public static int Blocks(int tokens) => (tokens + Rows - 1) / Rows;

    /// <summary>No query of the calling warp, from <paramref name="query"/> on, sees a key behind this one.</summary>
    public static int LastKeyOfAny(AttentionOperands operands, int query)
    {
        int last = AttentionOperands.LastKey(operands, query);
        return last < 0 || operands.IsCausal == 0 ? last : last + WarpRows - 1;
    }

    /// <summary>All queries of the calling warp, from <paramref name="query"/> on, see all keys up to this one.</summary>
    public static int LastKeyOfAll(AttentionOperands operands, int query) =>
        operands.HasKeyMask != 0 ? -1 : AttentionOperands.LastKey(operands, query);

    /// <summary>A number of a query; zero for a query that does not exist.</summary>
    public static float OfQuery(AttentionOperands operands, ArrayView<float> numbers, int query)
    {
        float number = numbers[AttentionOperands.FirstQuery(operands) + XMath.Min(query, operands.QueryTokens - 1)];
        return query < operands.QueryTokens ? number : 0;
    }

    /// <summary>What is added to scaled scores of a query, so that their powers of two are probabilities: minus its log-sum-exp, in
    /// powers of two.</summary>
    public static float Exponent(AttentionOperands operands, ArrayView<float> logSumExp, int query) =>
        -AttentionOperands.Log2E * OfQuery(operands, logSumExp, query);
}
