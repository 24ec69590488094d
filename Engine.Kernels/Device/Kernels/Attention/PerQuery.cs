using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>One number per query of a unit: a thread's four, <see cref="AttentionTile.Lanes"/> queries apart.</summary>
internal static class PerQuery
{
    /// <summary>Reads the numbers of a query and of three later ones; zero for those that do not exist.</summary>
    public static Float4 Load(AttentionOperands operands, ArrayView<float> source, int query)
    {
        long index = AttentionOperands.FirstQuery(operands) + query;
        int left = operands.QueryTokens - query;
        return new Float4(
            left > 0 ? source[index] : 0,
            left > AttentionTile.Lanes ? source[index + AttentionTile.Lanes] : 0,
            left > 2 * AttentionTile.Lanes ? source[index + (2 * AttentionTile.Lanes)] : 0,
            left > 3 * AttentionTile.Lanes ? source[index + (3 * AttentionTile.Lanes)] : 0);
    }

    /// <summary>Writes the numbers of a query and of three later ones, as far as they exist.</summary>
    public static void Store(AttentionOperands operands, ArrayView<float> target, int query, Float4 values)
    {
        long index = AttentionOperands.FirstQuery(operands) + query;
        int left = operands.QueryTokens - query;
        Store(target, index, left, values.X);
        Store(target, index + AttentionTile.Lanes, left - AttentionTile.Lanes, values.Y);
        Store(target, index + (2 * AttentionTile.Lanes), left - (2 * AttentionTile.Lanes), values.Z);
        Store(target, index + (3 * AttentionTile.Lanes), left - (3 * AttentionTile.Lanes), values.W);
    }

    private static void Store(ArrayView<float> target, long index, int left, float value)
    {
        if (left > 0)
        {
            target[index] = value;
        }
    }
}
