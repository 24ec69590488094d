using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// For operands whose neighbours in memory are neighbours in k, in aligned rows of a length divisible by four: 16 bytes along k of one
/// row. Two
/// threads read one sector of 32 bytes; a warp covers 16 rows. The transposing writes of a warp go to 16 rows of two k that are four apart,
/// which the padding shifts to the other half of the banks.
/// </summary>
internal readonly struct DepthVectorLoader<TFormat, TElement> : IGemmLoader
    where TFormat : struct, IStorageFormat<TElement>
    where TElement : unmanaged
{
    public static string Name => $"{StorageFormats.Name<TFormat>()}_depth_vectors";

    public static GemmCursor Start(GemmOperand operand, int tileRows, int row, int depth)
    {
        int tileRow = (Group.IdxX >> 1) % tileRows;
        int tileDepth = ((Group.IdxX & 1) + (Group.IdxX / (2 * tileRows) * 2)) * Float4.Width;
        int ownRow = IntrinsicMath.Min(row + tileRow, operand.Rows - 1);
        return new GemmCursor
        {
            TileDepth = tileDepth,
            Source = ((long)ownRow * operand.RowStep) + depth + tileDepth,
            Target = (tileDepth * (tileRows + TiledGemm.Padding)) + tileRow,
        };
    }

    public static Float4 Load(GemmOperand operand, GemmCursor cursor, int tileRows, int passDepth, int depth)
    {
        Float4 elements = default;
        if (depth == TiledGemm.FullDepth || cursor.TileDepth + passDepth < depth)
        {
            elements = TFormat.Load4(operand.Bytes.Cast<TElement>(), (cursor.Source + passDepth) / Float4.Width);
        }

        return elements;
    }

    public static void Store(ArrayView<Float4> shared, GemmCursor cursor, int tileRows, int passDepth, Float4 elements)
    {
        int stride = tileRows + TiledGemm.Padding;
        ArrayView<float> own = shared.Cast<float>().SubView(cursor.Target);
        own[passDepth * stride] = elements.X;
        own[(passDepth + 1) * stride] = elements.Y;
        own[(passDepth + 2) * stride] = elements.Z;
        own[(passDepth + 3) * stride] = elements.W;
    }
}
