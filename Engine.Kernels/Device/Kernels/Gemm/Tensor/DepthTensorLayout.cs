using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// Neighbours in memory are neighbours in k. Four threads copy the 64 bytes of one row; a pass of the group takes a quarter as many rows as
/// it has threads. Rows beyond the operand's end are copies of its last one: nobody stores their results.
/// In shared memory a row is four chunks, and two rows fill all banks; the four chunks are permuted by half of the row's number, so that
/// the eight rows that ldmatrix reads at a time lie in different banks. Fragments of both formats are 32 bytes of k of sixteen rows.
/// </summary>
internal readonly struct DepthTensorLayout : ITensorLayout
{
    private const int ChunksPerRow = TensorGemm.DepthBytes / TensorGemm.ChunkBytes;

    public static string Name => "depth";

    public static TensorCursor Start<TFormat>(
        GemmOperand operand, long address, uint shared, int tileRows, int threads, int row, int start, int depth)
        where TFormat : struct, ITensorFormat
    {
        int tileRow = Group.IdxX / ChunksPerRow;
        int chunk = Group.IdxX % ChunksPerRow;
        long first = address + ((long)start * TFormat.ElementBytes) + (chunk * TensorGemm.ChunkBytes);
        long rowBytes = (long)operand.RowStep * TFormat.ElementBytes;
        int last = operand.Rows - 1;
        return new TensorCursor
        {
            First = first + (IntrinsicMath.Min(row + tileRow, last) * rowBytes),
            Second = first + (IntrinsicMath.Min(row + tileRow + (threads / ChunksPerRow), last) * rowBytes),
            Target = shared + (uint)Offset(tileRow, chunk),
            Left = depth - (chunk * ChunkDepth<TFormat>()),
        };
    }

    public static void Copy<TFormat>(TensorCursor cursor, int tileRows, int threads)
        where TFormat : struct, ITensorFormat
    {
        int length = IntrinsicMath.Clamp(cursor.Left, 0, ChunkDepth<TFormat>()) * TFormat.ElementBytes;
        TensorCursor.CopyFirst(cursor.Target, cursor.First, length);
        if (tileRows * ChunksPerRow > threads)
        {
            TensorCursor.CopySecond(cursor.Target, cursor.Second, length, threads);
        }
    }

    public static TensorCursor Move<TFormat>(TensorCursor cursor, long bytes, int toNextStage, int tileRows, int threads)
        where TFormat : struct, ITensorFormat =>
        TensorCursor.Move(cursor, bytes, toNextStage, TensorGemm.DepthBytes / TFormat.ElementBytes);

    public static long TileBytes<TFormat>(GemmOperand operand)
        where TFormat : struct, ITensorFormat => TensorGemm.DepthBytes;

    /// <summary>Matrices of ldmatrix: the first 16 bytes of rows 0 to 7 and 8 to 15, then the others of the same.</summary>
    public static TensorReads ReadsOfA<TFormat>(uint shared, int lane, int row, int tileRows)
        where TFormat : struct, ITensorFormat => Reads(shared, Offset(row + (lane & 15), lane >> 4));

    /// <summary>Matrices of ldmatrix: the first 16 bytes of rows 0 to 7 and the others, then the same of rows 8 to 15.</summary>
    public static TensorReads ReadsOfB<TFormat>(uint shared, int lane, int row, int tileRows)
        where TFormat : struct, ITensorFormat => Reads(shared, Offset(row + (lane & 7) + ((lane >> 4) << 3), (lane >> 3) & 1));

    public static TensorReads Move<TFormat>(TensorReads reads, int toNextStage, int warpRows)
        where TFormat : struct, ITensorFormat
    {
        reads.First += (uint)toNextStage;
        reads.Second += (uint)toNextStage;
        return reads;
    }

    public static void LoadA<TFormat, TTile>(TensorReads reads, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TTile.LoadDepthA(step == 0 ? reads.First : reads.Second);

    public static void LoadB<TFormat, TTile>(TensorReads reads, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TTile.LoadDepthB(step == 0 ? reads.First : reads.Second);

    private static int ChunkDepth<TFormat>()
        where TFormat : struct, ITensorFormat => TensorGemm.ChunkBytes / TFormat.ElementBytes;

    private static TensorReads Reads(uint shared, int offset) => new()
    {
        First = shared + (uint)offset,
        Second = shared + (uint)(offset ^ TensorGemm.StepBytes),
    };

    private static int Offset(int row, int chunk) =>
        (row * TensorGemm.DepthBytes) + ((chunk ^ ((row >> 1) & (ChunksPerRow - 1))) * TensorGemm.ChunkBytes);
}
