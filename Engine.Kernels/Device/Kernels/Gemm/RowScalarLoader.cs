using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>For operands whose neighbours in memory are neighbouring rows, of any size and alignment: float by float, a warp along 32 rows
/// of
/// one k.</summary>
internal readonly struct RowScalarLoader<TFormat, TElement> : IGemmLoader
    where TFormat : struct, IStorageFormat<TElement>
    where TElement : unmanaged
{
    public static string Name => $"{StorageFormats.Name<TFormat>()}_row_scalars";

    public static GemmCursor Start(GemmOperand operand, int tileRows, int row, int depth)
    {
        int tileRow = Group.IdxX % tileRows;
        int tileDepth = Group.IdxX / tileRows;
        int ownRow = IntrinsicMath.Min(row + tileRow, operand.Rows - 1);
        return new GemmCursor
        {
            TileDepth = tileDepth,
            Source = ((long)(depth + tileDepth) * operand.DepthStep) + ownRow,
            Target = (tileDepth * (tileRows + TiledGemm.Padding)) + tileRow,
        };
    }

    public static Float4 Load(GemmOperand operand, GemmCursor cursor, int tileRows, int passDepth, int depth)
    {
        int depthAtOnce = TiledGemm.Threads / tileRows;
        return new Float4
        {
            X = Element(operand, cursor, passDepth, depth),
            Y = Element(operand, cursor, passDepth + depthAtOnce, depth),
            Z = Element(operand, cursor, passDepth + (2 * depthAtOnce), depth),
            W = Element(operand, cursor, passDepth + (3 * depthAtOnce), depth),
        };
    }

    public static void Store(ArrayView<Float4> shared, GemmCursor cursor, int tileRows, int passDepth, Float4 elements)
    {
        int stride = tileRows + TiledGemm.Padding;
        int depthAtOnce = TiledGemm.Threads / tileRows;
        ArrayView<float> own = shared.Cast<float>().SubView(cursor.Target);
        own[passDepth * stride] = elements.X;
        own[(passDepth + depthAtOnce) * stride] = elements.Y;
        own[(passDepth + (2 * depthAtOnce)) * stride] = elements.Z;
        own[(passDepth + (3 * depthAtOnce)) * stride] = elements.W;
    }

    private static float Element(GemmOperand operand, GemmCursor cursor, int depthOffset, int depth)
    {
        float element = 0;
        if (depth == TiledGemm.FullDepth || cursor.TileDepth + depthOffset < depth)
        {
            element = TFormat.Load(operand.Bytes.Cast<TElement>(), cursor.Source + ((long)depthOffset * operand.DepthStep));
        }

        return element;
    }
}
