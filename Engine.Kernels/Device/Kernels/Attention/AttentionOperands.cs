using ILGPU;
using ILGPU.Algorithms;

namespace Engine.Kernels.Device;

/// <summary>What all attention kernels read; see <see cref="AttentionArgs"/>. Their grids are [blocks of tokens, heads, sequences], so
/// that a group has one head of one sequence, which this calls its unit: number sequence * Heads + head.</summary>
internal struct AttentionOperands
{
    /// <summary>log2 e: kernels take powers of two, for which devices have an instruction.</summary>
    public const float Log2E = 1.44269504088896341f;

    /// <summary>ln 2.</summary>
    public const float Ln2 = 0.693147180559945309f;

    public ArrayView<float> Query;
    public ArrayView<float> Key;
    public ArrayView<float> Value;
    public ArrayView<byte> KeyMask;
    public int QueryStride;
    public int KeyStride;
    public int ValueStride;
    public int Heads;
    public int QueryTokens;
    public int KeyTokens;
    public int HeadSize;
    public int IsCausal;
    public int HasKeyMask;

    /// <summary>log2 e / sqrt(HeadSize): from inner products to scores in powers of two.</summary>
    public float Scale2;

    /// <summary>The unit's queries.</summary>
    public static HeadRows Queries(AttentionOperands operands) =>
        Rows(operands, operands.Query, operands.QueryStride, operands.QueryTokens);

    /// <summary>The unit's keys.</summary>
    public static HeadRows Keys(AttentionOperands operands) => Rows(operands, operands.Key, operands.KeyStride, operands.KeyTokens);

    /// <summary>The unit's values.</summary>
    public static HeadRows Values(AttentionOperands operands) => Rows(operands, operands.Value, operands.ValueStride, operands.KeyTokens);

    /// <summary>The unit's rows of any operand.</summary>
    public static HeadRows Rows(AttentionOperands operands, ArrayView<float> elements, int stride, int tokens) => new()
    {
        Elements = elements,
        First = ((long)Grid.IdxZ * tokens * stride) + (Grid.IdxY * operands.HeadSize),
        Stride = stride,
        Tokens = tokens,
        Columns = operands.HeadSize,
    };

    /// <summary>Index of the unit's first query in a vector of all units' queries.</summary>
    public static long FirstQuery(AttentionOperands operands) =>
        (((long)Grid.IdxZ * operands.Heads) + Grid.IdxY) * operands.QueryTokens;

    /// <summary>Positions of a thread's four keys, from <paramref name="key"/> on; behind all others for a key that is hidden or does not
    /// exist.</summary>
    public static Int4 Positions(AttentionOperands operands, int key) => new(
        Position(operands, key),
        Position(operands, key + AttentionTile.Lanes),
        Position(operands, key + (2 * AttentionTile.Lanes)),
        Position(operands, key + (3 * AttentionTile.Lanes)));

    /// <summary>The last keys that a thread's four queries see, from <paramref name="query"/> on; -1 for a query that does not
    /// exist.</summary>
    public static Int4 LastKeys(AttentionOperands operands, int query) => new(
        LastKey(operands, query),
        LastKey(operands, query + AttentionTile.Lanes),
        LastKey(operands, query + (2 * AttentionTile.Lanes)),
        LastKey(operands, query + (3 * AttentionTile.Lanes)));

    /// <summary>A block of so many queries, from <paramref name="query"/> on, sees keys before this one only.</summary>
    public static int KeyEnd(AttentionOperands operands, int query, int queries) => operands.IsCausal != 0
        ? XMath.Min(operands.KeyTokens, operands.KeyTokens - operands.QueryTokens + query + queries)
        : operands.KeyTokens;

    /// <summary>The first block of so many queries that sees keys from <paramref name="key"/> on: number of its first query.</summary>
    public static int FirstBlock(AttentionOperands operands, int key, int queries) => operands.IsCausal != 0
        ? XMath.Max(0, key - operands.KeyTokens + operands.QueryTokens) / queries * queries
        : 0;

    /// <summary>Position of a key; behind all others if it is hidden or does not exist.</summary>
    public static int Position(AttentionOperands operands, int key)
    {
        if (key >= operands.KeyTokens)
        {
            return int.MaxValue;
        }

        if (operands.HasKeyMask == 0)
        {
            return key;
        }

        return operands.KeyMask[((long)Grid.IdxZ * operands.KeyTokens) + key] != 0 ? key : int.MaxValue;
    }

    /// <summary>The last key that a query sees; -1 for a query that does not exist.</summary>
    public static int LastKey(AttentionOperands operands, int query)
    {
        int last = operands.IsCausal != 0 ? operands.KeyTokens - operands.QueryTokens + query : operands.KeyTokens - 1;
        return query < operands.QueryTokens ? last : -1;
    }
}
