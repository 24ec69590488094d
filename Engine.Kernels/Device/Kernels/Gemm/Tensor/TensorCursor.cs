using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Engine.Kernels.Device;

/// <summary>
/// Which chunks of an operand a thread copies next, and where to: one in each pass of the group over the tile, 1, 2, 4 or 8 of them. Chunks
/// that are not there are copies of nothing, from addresses that are not read.
/// </summary>
internal struct TensorCursor
{
    /// <summary>Address of the first chunk.</summary>
    public long Source;

    /// <summary>From one pass to the next in memory.</summary>
    public long PassBytes;

    /// <summary>Address in shared memory that the first chunk is copied to. Each pass lies a chunk per thread on.</summary>
    public uint Target;

    /// <summary>From the first chunk to the operand's end in the direction of passes: in rows if k is the fast index, else in k.</summary>
    public int Left;

    /// <summary>From the chunks' beginning to the operand's end in the direction of the fast index, in elements.</summary>
    public int LeftElements;

    /// <summary>Starts a thread's copies of one tile.</summary>
    /// <param name="cursor">Which.</param>
    /// <param name="tileBytes">Bytes of the tile.</param>
    /// <param name="pass">How many rows or k one pass takes.</param>
    /// <param name="threads">Of the group.</param>
    public static void Copy<TFormat>(TensorCursor cursor, int tileBytes, int pass, int threads)
        where TFormat : struct, ITensorFormat
    {
        int length = IntrinsicMath.Clamp(cursor.LeftElements, 0, TensorGemm.ChunkBytes / TFormat.ElementBytes) * TFormat.ElementBytes;
        int passBytes = threads * TensorGemm.ChunkBytes;
        cursor = CopyChunk(cursor, length, pass, passBytes);
        if (tileBytes >= 2 * passBytes)
        {
            cursor = CopyChunk(cursor, length, pass, passBytes);
        }

        if (tileBytes >= 4 * passBytes)
        {
            cursor = CopyChunk(cursor, length, pass, passBytes);
            cursor = CopyChunk(cursor, length, pass, passBytes);
        }

        if (tileBytes == 8 * passBytes)
        {
            cursor = CopyChunk(cursor, length, pass, passBytes);
            cursor = CopyChunk(cursor, length, pass, passBytes);
            cursor = CopyChunk(cursor, length, pass, passBytes);
            CopyChunk(cursor, length, pass, passBytes);
        }
    }

    /// <summary>Starts the copy of one chunk, of as many bytes as are left and zeros behind them; the next pass.</summary>
    private static TensorCursor CopyChunk(TensorCursor cursor, int length, int pass, int passBytes)
    {
        CudaAsm.Emit(
            "cp.async.cg.shared.global [%0], [%1], 16, %2;", cursor.Target, cursor.Source, cursor.Left > 0 ? length : 0);
        cursor.Source += cursor.PassBytes;
        cursor.Target += (uint)passBytes;
        cursor.Left -= pass;
        return cursor;
    }
}
