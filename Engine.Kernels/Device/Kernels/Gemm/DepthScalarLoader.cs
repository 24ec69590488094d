using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// For operands whose neighbours in memory are neighbours in k, of any size and alignment: float by float. A warp reads eight k of four
/// rows,
/// and its writes go to 32 different banks because of the padding.
/// </summary>
internal readonly struct DepthScalarLoader<TFormat, TElement> : IGemmLoader
    where TFormat : struct, IStorageFormat<TElement>
    where TElement : unmanaged
{
    // A pass of 1024 floats is four times 256: 32 rows of eight k each.
    private const int RowsAtOnce = 32;
    private const int DepthAtOnce = 8;

    public static string Name => $"{StorageFormats.Name<TFormat>()}_depth_scalars";

    public static GemmCursor Start(GemmOperand operand, int tileRows, int row, int depth)
    {
        int tileRow = Group.IdxX / DepthAtOnce;
        int tileDepth = Group.IdxX % DepthAtOnce;
        int ownRow = IntrinsicMath.Min(row + tileRow, operand.Rows - 1);
        return new GemmCursor
        {
            RowsBelow = operand.Rows - 1 - ownRow,
            TileDepth = tileDepth,
            Source = ((long)ownRow * operand.RowStep) + depth + tileDepth,
            Target = (tileDepth * (tileRows + TiledGemm.Padding)) + tileRow,
        };
    }

    public static Float4 Load(GemmOperand operand, GemmCursor cursor, int tileRows, int passDepth, int depth) => new()
    {
        X = Element(operand, cursor, 0, passDepth, depth),
        Y = Element(operand, cursor, RowsAtOnce, passDepth, depth),
        Z = Element(operand, cursor, 2 * RowsAtOnce % tileRows, passDepth + (2 * RowsAtOnce / tileRows * DepthAtOnce), depth),
        W = Element(operand, cursor, 3 * RowsAtOnce % tileRows, passDepth + (3 * RowsAtOnce / tileRows * DepthAtOnce), depth),
    };

    public static void Store(ArrayView<Float4> shared, GemmCursor cursor, int tileRows, int passDepth, Float4 elements)
    {
        int stride = tileRows + TiledGemm.Padding;
        ArrayView<float> own = shared.Cast<float>().SubView(cursor.Target);
        own[passDepth * stride] = elements.X;
        own[(passDepth * stride) + RowsAtOnce] = elements.Y;
        own[((passDepth + (2 * RowsAtOnce / tileRows * DepthAtOnce)) * stride) + (2 * RowsAtOnce % tileRows)] = elements.Z;
        own[((passDepth + (3 * RowsAtOnce / tileRows * DepthAtOnce)) * stride) + (3 * RowsAtOnce % tileRows)] = elements.W;
    }

    private static float Element(GemmOperand operand, GemmCursor cursor, int rowOffset, int depthOffset, int depth)
    {
        float element = 0;
        if (depth == TiledGemm.FullDepth || cursor.TileDepth + depthOffset < depth)
        {
            int row = IntrinsicMath.Min(rowOffset, cursor.RowsBelow);
            element = TFormat.Load(operand.Bytes.Cast<TElement>(), cursor.Source + ((long)row * operand.RowStep) + depthOffset);
        }

        return element;
    }
}
