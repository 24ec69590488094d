using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Engine.Kernels.Device;

/// <summary>
/// Which chunks of an operand a thread copies next, and where to: one in each pass of the group over the tile, 1, 2, 4 or 8 of them. Chunks
/// that are not there are copies of nothing, from addresses that are not read.
/// </summary>
internal struct TensorCursor
{
    private const int PartPasses = 4;

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

    /// <summary>Starts up to four of a thread's copies of one tile.</summary>
    /// <param name="cursor">Which.</param>
    /// <param name="part">Which four passes.</param>
    /// <param name="passes">All of them.</param>
    /// <param name="pass">How many rows or k one pass takes.</param>
    /// <param name="threads">Of the group.</param>
    public static void Copy<TFormat>(TensorCursor cursor, int part, int passes, int pass, int threads)
        where TFormat : struct, ITensorFormat
    {
        int first = part * PartPasses;
        int length = IntrinsicMath.Clamp(cursor.LeftElements, 0, TensorGemm.ChunkBytes / TFormat.ElementBytes) * TFormat.ElementBytes;
        cursor.Source += first * cursor.PassBytes;
        cursor = CopyChunk(cursor, first, length, pass, threads);
        if (passes > 1)
        {
            cursor = CopyChunk(cursor, first + 1, length, pass, threads);
        }

        if (passes > 2)
        {
            cursor = CopyChunk(cursor, first + 2, length, pass, threads);
            CopyChunk(cursor, first + 3, length, pass, threads);
        }
    }

    /// <summary>Starts the copy of one chunk, of as many bytes as are left and zeros behind them; the next source.</summary>
    private static TensorCursor CopyChunk(TensorCursor cursor, int index, int length, int pass, int threads)
    {
        uint target = cursor.Target + (uint)(index * threads * TensorGemm.ChunkBytes);
        CudaAsm.Emit("cp.async.cg.shared.global [%0], [%1], 16, %2;", target, cursor.Source, cursor.Left > index * pass ? length : 0);
        cursor.Source += cursor.PassBytes;
        return cursor;
    }
}
