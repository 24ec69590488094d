using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>For operands whose neighbours in memory are neighbouring rows, of a number divisible by four, aligned: 16 bytes along the rows
/// of
/// one k. A warp reads 512 bytes without gaps (two times 256 for 64 rows) and writes them as they are.</summary>
internal readonly struct RowVectorLoader<TFormat, TElement> : IGemmLoader
    where TFormat : struct, IStorageFormat<TElement>
    where TElement : unmanaged
{
    public static string Name => $"{StorageFormats.Name<TFormat>()}_row_vectors";

    public static GemmCursor Start(GemmOperand operand, int tileRows, int row, int depth)
    {
        int tileRow = Group.IdxX % (tileRows / Float4.Width) * Float4.Width;
        int tileDepth = Group.IdxX / (tileRows / Float4.Width);
        int ownRow = IntrinsicMath.Min(row + tileRow, operand.Rows - Float4.Width);
        return new GemmCursor
        {
            TileDepth = tileDepth,
            Source = ((long)(depth + tileDepth) * operand.DepthStep) + ownRow,
            Target = (tileDepth * (tileRows + TiledGemm.Padding)) + tileRow,
        };
    }

    public static Float4 Load(GemmOperand operand, GemmCursor cursor, int tileRows, int passDepth, int depth)
    {
        Float4 elements = default;
        if (depth == TiledGemm.FullDepth || cursor.TileDepth + passDepth < depth)
        {
            elements = TFormat.Load4(
                operand.Bytes.Cast<TElement>(), (cursor.Source + ((long)passDepth * operand.DepthStep)) / Float4.Width);
        }

        return elements;
    }

    public static void Store(ArrayView<Float4> shared, GemmCursor cursor, int tileRows, int passDepth, Float4 elements)
    {
        int stride = tileRows + TiledGemm.Padding;
        shared[(cursor.Target + (passDepth * stride)) / Float4.Width] = elements;
    }
}
