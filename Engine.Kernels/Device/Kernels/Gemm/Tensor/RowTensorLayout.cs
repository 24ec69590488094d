using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// Neighbours in memory are neighbours in the operand's rows: all rows of one k follow each other. Neighbouring threads copy neighbouring
/// chunks of one k. In shared memory the chunks of a k are permuted by <see cref="ITensorFormat.Swizzle"/>, and fragments are read
/// transposed.
/// </summary>
internal readonly struct RowTensorLayout : ITensorLayout
{
    public static string Name => "rows";

    public static TensorCursor Start<TFormat>(GemmOperand operand, long address, int tileRows, int threads, int row, int depth)
        where TFormat : struct, ITensorFormat
    {
        int chunks = ChunksPerDepth<TFormat>(tileRows);
        int k = Group.IdxX / chunks;
        int chunk = Group.IdxX % chunks;
        long depthBytes = (long)operand.DepthStep * TFormat.ElementBytes;
        long start = address + ((long)row * TFormat.ElementBytes) + (chunk * TensorGemm.ChunkBytes);
        int available = IntrinsicMath.Min(operand.Rows - row, tileRows) * TFormat.ElementBytes;
        return new TensorCursor
        {
            First = start + ((depth + k) * depthBytes),
            Second = start + ((depth + k + (threads / chunks)) * depthBytes),
            Target = (k * tileRows * TFormat.ElementBytes) + ((chunk ^ TFormat.Swizzle(k)) * TensorGemm.ChunkBytes),
            Depth = k,
            RowBytes = (int)TensorGemm.ChunkLength(available, chunk * TensorGemm.ChunkBytes),
        };
    }

    public static void Copy<TFormat>(TensorCursor cursor, uint shared, int tileRows, int threads, int depth)
        where TFormat : struct, ITensorFormat
    {
        uint target = shared + (uint)cursor.Target;
        TensorCursor.Copy(target, cursor.First, Length(cursor, depth));
        if (tileRows * TensorGemm.DepthBytes > threads * TensorGemm.ChunkBytes)
        {
            // Eight or sixteen k on: the permutation is the same.
            TensorCursor.Copy(
                target + (uint)(threads * TensorGemm.ChunkBytes),
                cursor.Second,
                Length(cursor, depth - (threads / ChunksPerDepth<TFormat>(tileRows))));
        }
    }

    public static long Advance<TFormat>(GemmOperand operand)
        where TFormat : struct, ITensorFormat => (long)operand.DepthStep * TensorGemm.DepthBytes;

    public static int OffsetA<TFormat>(int lane, int row, int tileRows)
        where TFormat : struct, ITensorFormat => TFormat.OffsetA(lane, row, tileRows);

    public static int OffsetB<TFormat>(int lane, int row, int tileRows)
        where TFormat : struct, ITensorFormat => TFormat.OffsetB(lane, row, tileRows);

    public static void LoadA<TFormat, TTile>(uint shared, int offset, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>
    {
        uint first = shared + (uint)(step * TensorGemm.StepBytes * TTile.Rows);
        TTile.LoadRowsA(first + (uint)offset, first + (uint)(offset ^ 32), first + (uint)(offset ^ 64), first + (uint)(offset ^ 96));
    }

    public static void LoadB<TFormat, TTile>(uint shared, int offset, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>
    {
        uint first = shared + (uint)(step * TensorGemm.StepBytes * TTile.Columns);
        TTile.LoadRowsB(first + (uint)offset, first + (uint)(offset ^ 32), first + (uint)(offset ^ 64), first + (uint)(offset ^ 96));
    }

    private static int ChunksPerDepth<TFormat>(int tileRows)
        where TFormat : struct, ITensorFormat => tileRows * TFormat.ElementBytes / TensorGemm.ChunkBytes;

    /// <summary>All rows there are if the k is there, else none; without a branch.</summary>
    private static uint Length(TensorCursor cursor, int depth) =>
        (uint)(IntrinsicMath.Clamp(depth - cursor.Depth, 0, 1) * cursor.RowBytes);
}
