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

    public static TensorCursor Start<TFormat>(
        GemmOperand operand, long address, uint shared, int tileRows, int threads, int row, int start, int depth)
        where TFormat : struct, ITensorFormat
    {
        int chunks = ChunksPerDepth<TFormat>(tileRows);
        int k = Group.IdxX / chunks;
        int chunk = Group.IdxX % chunks;
        long depthBytes = (long)operand.DepthStep * TFormat.ElementBytes;
        long first = address + ((long)row * TFormat.ElementBytes) + (chunk * TensorGemm.ChunkBytes);
        int available = IntrinsicMath.Min(operand.Rows - row, tileRows) * TFormat.ElementBytes;
        int length = IntrinsicMath.Clamp(available - (chunk * TensorGemm.ChunkBytes), 0, TensorGemm.ChunkBytes);
        return WithLengths<TFormat>(
            new TensorCursor
            {
                First = first + ((start + k) * depthBytes),
                Second = first + ((start + k + (threads / chunks)) * depthBytes),
                Target = shared + (uint)((k * tileRows * TFormat.ElementBytes) + ((chunk ^ TFormat.Swizzle(k)) * TensorGemm.ChunkBytes)),
                Left = depth - k,
                FirstLength = length,
                SecondLength = length,
            },
            tileRows,
            threads);
    }

    public static void Copy<TFormat>(TensorCursor cursor, int tileRows, int threads)
        where TFormat : struct, ITensorFormat
    {
        TensorCursor.CopyFirst(cursor.Target, cursor.First, cursor.FirstLength);
        if (tileRows * TensorGemm.DepthBytes > threads * TensorGemm.ChunkBytes)
        {
            // Eight or sixteen k on: the permutation is the same.
            TensorCursor.CopySecond(cursor.Target, cursor.Second, cursor.SecondLength, threads);
        }
    }

    public static TensorCursor Move<TFormat>(TensorCursor cursor, long bytes, int toNextStage, int tileRows, int threads)
        where TFormat : struct, ITensorFormat => WithLengths<TFormat>(
            TensorCursor.Move(cursor, bytes, toNextStage, TensorGemm.DepthBytes / TFormat.ElementBytes), tileRows, threads);

    public static long TileBytes<TFormat>(GemmOperand operand)
        where TFormat : struct, ITensorFormat => (long)operand.DepthStep * TensorGemm.DepthBytes;

    public static TensorReads ReadsOfA<TFormat>(uint shared, int lane, int row, int tileRows)
        where TFormat : struct, ITensorFormat => Reads(shared, TFormat.OffsetA(lane, row, tileRows));

    public static TensorReads ReadsOfB<TFormat>(uint shared, int lane, int row, int tileRows)
        where TFormat : struct, ITensorFormat => Reads(shared, TFormat.OffsetB(lane, row, tileRows));

    public static TensorReads Move<TFormat>(TensorReads reads, int toNextStage, int warpRows)
        where TFormat : struct, ITensorFormat
    {
        reads.First += (uint)toNextStage;
        reads.Second += (uint)toNextStage;
        if (warpRows * TFormat.ElementBytes > 64)
        {
            reads.Third += (uint)toNextStage;
            reads.Fourth += (uint)toNextStage;
        }

        return reads;
    }

    public static void LoadA<TFormat, TTile>(TensorReads reads, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TTile.LoadRowsA(step, reads.First, reads.Second, reads.Third, reads.Fourth);

    public static void LoadB<TFormat, TTile>(TensorReads reads, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TTile.LoadRowsB(step, reads.First, reads.Second, reads.Third, reads.Fourth);

    private static int ChunksPerDepth<TFormat>(int tileRows)
        where TFormat : struct, ITensorFormat => tileRows * TFormat.ElementBytes / TensorGemm.ChunkBytes;

    private static TensorReads Reads(uint shared, int offset) => new()
    {
        First = shared + (uint)offset,
        Second = shared + (uint)(offset ^ 32),
        Third = shared + (uint)(offset ^ 64),
        Fourth = shared + (uint)(offset ^ 96),
    };

    /// <summary>Where a chunk's k is not there, nothing is: then and in all later tiles.</summary>
    private static TensorCursor WithLengths<TFormat>(TensorCursor cursor, int tileRows, int threads)
        where TFormat : struct, ITensorFormat
    {
        cursor.FirstLength = cursor.Left > 0 ? cursor.FirstLength : 0;
        cursor.SecondLength = cursor.Left > threads / ChunksPerDepth<TFormat>(tileRows) ? cursor.SecondLength : 0;
        return cursor;
    }
}
