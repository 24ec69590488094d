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

    public static TensorCursor Start<TFormat, TTile>(
        GemmOperand operand, long address, uint shared, int tileRows, int row, int start, int depth)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>
    {
        int chunks = ChunksPerDepth<TFormat>(tileRows);
        int k = Group.IdxX / chunks;
        int chunk = Group.IdxX % chunks;
        long depthBytes = (long)operand.DepthStep * TFormat.ElementBytes;

        // Four, eight or sixteen k per pass: the permutation is the same in all of them.
        return new TensorCursor
        {
            Source = address + ((long)row * TFormat.ElementBytes) + (chunk * TensorGemm.ChunkBytes) + ((start + k) * depthBytes),
            PassBytes = depthBytes * (TTile.Threads / chunks),
            Target = shared + (uint)((k * tileRows * TFormat.ElementBytes) + ((chunk ^ TFormat.Swizzle(k)) * TensorGemm.ChunkBytes)),
            Left = depth - k,
            LeftElements = operand.Rows - row - (chunk * TensorGemm.ChunkBytes / TFormat.ElementBytes),
        };
    }

    public static void Copy<TFormat, TTile>(TensorCursor cursor, int tileRows, int part)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TensorCursor.Copy<TFormat>(
            cursor,
            part,
            tileRows * TTile.DepthBytes / (TTile.Threads * TensorGemm.ChunkBytes),
            TTile.Threads / ChunksPerDepth<TFormat>(tileRows),
            TTile.Threads);

    public static TensorCursor Move<TFormat, TTile>(TensorCursor cursor, long bytes, int toNextStage)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>
    {
        cursor.Source += bytes;
        cursor.Target += (uint)toNextStage;
        cursor.Left -= TTile.DepthBytes / TFormat.ElementBytes;
        return cursor;
    }

    public static long TileBytes<TFormat, TTile>(GemmOperand operand)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => (long)operand.DepthStep * TTile.DepthBytes;

    public static TensorReads ReadsOfA<TFormat, TTile>(uint shared, int lane, int row)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TensorReads.Of(shared, TFormat.OffsetA(lane, row, TTile.Rows));

    public static TensorReads ReadsOfB<TFormat, TTile>(uint shared, int lane, int row)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TensorReads.Of(shared, TFormat.OffsetB(lane, row, TTile.Columns));

    public static TensorReads Move<TFormat, TTile>(TensorReads reads, int toNextStage, int warpRows)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> =>
        TensorReads.Move(reads, toNextStage, warpRows * TFormat.ElementBytes / TensorGemm.StepBytes);

    public static void LoadA<TFormat, TTile>(TensorReads reads, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TTile.LoadRowsA(step, reads.First, reads.Second, reads.Third, reads.Fourth);

    public static void LoadB<TFormat, TTile>(TensorReads reads, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TTile.LoadRowsB(step, reads.First, reads.Second, reads.Third, reads.Fourth);

    private static int ChunksPerDepth<TFormat>(int tileRows)
        where TFormat : struct, ITensorFormat => tileRows * TFormat.ElementBytes / TensorGemm.ChunkBytes;
}
