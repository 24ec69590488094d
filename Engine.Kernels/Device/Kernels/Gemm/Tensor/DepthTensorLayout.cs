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

    public static TensorCursor Start<TFormat>(GemmOperand operand, long address, int tileRows, int threads, int row, int depth)
        where TFormat : struct, ITensorFormat
    {
        int tileRow = Group.IdxX / ChunksPerRow;
        int chunk = Group.IdxX % ChunksPerRow;
        long start = address + ((long)depth * TFormat.ElementBytes) + (chunk * TensorGemm.ChunkBytes);
        long rowBytes = (long)operand.RowStep * TFormat.ElementBytes;
        int last = operand.Rows - 1;
        return new TensorCursor
        {
            First = start + (IntrinsicMath.Min(row + tileRow, last) * rowBytes),
            Second = start + (IntrinsicMath.Min(row + tileRow + (threads / ChunksPerRow), last) * rowBytes),
            Target = Offset(tileRow, chunk),
            Depth = chunk * TensorGemm.ChunkBytes,
        };
    }

    public static void Copy<TFormat>(TensorCursor cursor, uint shared, int tileRows, int threads, int depth)
        where TFormat : struct, ITensorFormat
    {
        // Less than 2^31 bytes: more k than one tile has make no difference.
        int available = IntrinsicMath.Min(depth, TensorGemm.DepthBytes) * TFormat.ElementBytes;
        uint length = TensorGemm.ChunkLength(available, cursor.Depth);
        uint target = shared + (uint)cursor.Target;
        TensorCursor.Copy(target, cursor.First, length);
        if (tileRows * ChunksPerRow > threads)
        {
            TensorCursor.Copy(target + (uint)(threads * TensorGemm.ChunkBytes), cursor.Second, length);
        }
    }

    public static long Advance<TFormat>(GemmOperand operand)
        where TFormat : struct, ITensorFormat => TensorGemm.DepthBytes;

    /// <summary>Matrices of ldmatrix: the first 16 bytes of rows 0 to 7 and 8 to 15, then the others of the same.</summary>
    public static int OffsetA<TFormat>(int lane, int row, int tileRows)
        where TFormat : struct, ITensorFormat => Offset(row + (lane & 15), lane >> 4);

    /// <summary>Matrices of ldmatrix: the first 16 bytes of rows 0 to 7 and the others, then the same of rows 8 to 15.</summary>
    public static int OffsetB<TFormat>(int lane, int row, int tileRows)
        where TFormat : struct, ITensorFormat => Offset(row + (lane & 7) + ((lane >> 4) << 3), (lane >> 3) & 1);

    public static void LoadA<TFormat, TTile>(uint shared, int offset, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TTile.LoadDepthA(shared + (uint)(offset ^ (step * TensorGemm.StepBytes)));

    public static void LoadB<TFormat, TTile>(uint shared, int offset, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TTile.LoadDepthB(shared + (uint)(offset ^ (step * TensorGemm.StepBytes)));

    private static int Offset(int row, int chunk) =>
        (row * TensorGemm.DepthBytes) + ((chunk ^ ((row >> 1) & (ChunksPerRow - 1))) * TensorGemm.ChunkBytes);
}
