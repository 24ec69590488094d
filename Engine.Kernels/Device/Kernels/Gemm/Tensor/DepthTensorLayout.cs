using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// Neighbours in memory are neighbours in k. Four threads copy the 64 bytes of one row, or eight 128 bytes; a pass of the group takes as
/// many rows as there are such threads. Rows beyond the operand's end are zeros.
/// In shared memory one row of eight chunks, or two of four, fill all banks. The chunks of a row are permuted by its number, where there
/// are four by half of it, so that the eight rows that ldmatrix reads at a time lie in different banks. Fragments of both formats are
/// 32 bytes of k of sixteen rows.
/// </summary>
internal readonly struct DepthTensorLayout : ITensorLayout
{
    private const int BankChunks = 8;

    public static string Name => "depth";

    public static TensorCursor Start<TFormat, TTile>(
        GemmOperand operand, long address, uint shared, int tileRows, int row, int start, int depth)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>
    {
        int chunks = TTile.DepthBytes / TensorGemm.ChunkBytes;
        int tileRow = Group.IdxX / chunks;
        int chunk = Group.IdxX % chunks;
        long rowBytes = (long)operand.RowStep * TFormat.ElementBytes;
        return new TensorCursor
        {
            Source = address + ((row + tileRow) * rowBytes) + ((long)start * TFormat.ElementBytes) + (chunk * TensorGemm.ChunkBytes),
            PassBytes = rowBytes * (TTile.Threads / chunks),
            Target = shared + (uint)Offset(tileRow, chunk, chunks),
            Left = operand.Rows - (row + tileRow),
            LeftElements = depth - (chunk * TensorGemm.ChunkBytes / TFormat.ElementBytes),
        };
    }

    public static void Copy<TFormat, TTile>(TensorCursor cursor, int tileRows, int part)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TensorCursor.Copy<TFormat>(
            cursor,
            part,
            tileRows * TTile.DepthBytes / (TTile.Threads * TensorGemm.ChunkBytes),
            TTile.Threads / (TTile.DepthBytes / TensorGemm.ChunkBytes),
            TTile.Threads);

    public static TensorCursor Move<TFormat, TTile>(TensorCursor cursor, long bytes, int toNextStage)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>
    {
        cursor.Source += bytes;
        cursor.Target += (uint)toNextStage;
        cursor.LeftElements -= TTile.DepthBytes / TFormat.ElementBytes;
        return cursor;
    }

    public static long TileBytes<TFormat, TTile>(GemmOperand operand)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TTile.DepthBytes;

    /// <summary>Matrices of ldmatrix: the first 16 bytes of rows 0 to 7 and 8 to 15, then the others of the same.</summary>
    public static TensorReads ReadsOfA<TFormat, TTile>(uint shared, int lane, int row)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> =>
        TensorReads.Of(shared, Offset(row + (lane & 15), lane >> 4, TTile.DepthBytes / TensorGemm.ChunkBytes));

    /// <summary>Matrices of ldmatrix: the first 16 bytes of rows 0 to 7 and the others, then the same of rows 8 to 15.</summary>
    public static TensorReads ReadsOfB<TFormat, TTile>(uint shared, int lane, int row)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TensorReads.Of(
            shared, Offset(row + (lane & 7) + ((lane >> 4) << 3), (lane >> 3) & 1, TTile.DepthBytes / TensorGemm.ChunkBytes));

    public static TensorReads Move<TFormat, TTile>(TensorReads reads, int toNextStage, int warpRows)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> =>
        TensorReads.Move(reads, toNextStage, TTile.DepthBytes / TensorGemm.StepBytes);

    public static void LoadA<TFormat, TTile>(TensorReads reads, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TTile.LoadDepthA(step, OfStep(reads, step));

    public static void LoadB<TFormat, TTile>(TensorReads reads, int step)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> => TTile.LoadDepthB(step, OfStep(reads, step));

    private static uint OfStep(TensorReads reads, int step) =>
        step == 0 ? reads.First : step == 1 ? reads.Second : step == 2 ? reads.Third : reads.Fourth;

    private static int Offset(int row, int chunk, int chunks) =>
        ((row * chunks) + (chunk ^ ((row / (BankChunks / chunks)) & (chunks - 1)))) * TensorGemm.ChunkBytes;
}
