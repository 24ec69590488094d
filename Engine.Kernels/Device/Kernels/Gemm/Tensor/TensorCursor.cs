using ILGPU.Runtime.Cuda;

namespace Engine.Kernels.Device;

/// <summary>Which chunks of an operand a thread copies next, and where to.</summary>
internal struct TensorCursor
{
    /// <summary>Address of the first chunk.</summary>
    public long First;

    /// <summary>Address of the second chunk, if there is one.</summary>
    public long Second;

    /// <summary>Address in shared memory that the first chunk is copied to. The second one follows a chunk per thread on.</summary>
    public uint Target;

    /// <summary>How many k there are from the first chunk's beginning on; none if it is not positive.</summary>
    public int Left;

    /// <summary>If k is the slow index: how many bytes of the first chunk are rows of the operand.</summary>
    public int FirstLength;

    /// <summary>The same of the second chunk.</summary>
    public int SecondLength;

    /// <summary>Starts the copy of a thread's first chunk.</summary>
    /// <param name="target">In shared memory.</param>
    /// <param name="source">In memory, at a multiple of 16 bytes.</param>
    /// <param name="length">Bytes that are read; zeros follow. Nothing is read if there are none.</param>
    public static void CopyFirst(uint target, long source, int length) =>
        CudaAsm.Emit("cp.async.cg.shared.global [%0], [%1], 16, %2;", target, source, length);

    /// <summary>Starts the copy of a thread's second chunk.</summary>
    /// <param name="target">Of the first chunk in shared memory.</param>
    /// <param name="source">In memory, at a multiple of 16 bytes.</param>
    /// <param name="length">Bytes that are read; zeros follow. Nothing is read if there are none.</param>
    /// <param name="threads">Of the group: 128 or 256.</param>
    public static void CopySecond(uint target, long source, int length, int threads)
    {
        if (threads == 128)
        {
            CudaAsm.Emit("cp.async.cg.shared.global [%0+2048], [%1], 16, %2;", target, source, length);
        }
        else
        {
            CudaAsm.Emit("cp.async.cg.shared.global [%0+4096], [%1], 16, %2;", target, source, length);
        }
    }

    /// <summary>The same chunks of the next tile.</summary>
    /// <param name="cursor">Where it is.</param>
    /// <param name="bytes">From one tile to the next in memory.</param>
    /// <param name="toNextStage">From one buffer to the next in shared memory.</param>
    /// <param name="depth">k of a tile.</param>
    public static TensorCursor Move(TensorCursor cursor, long bytes, int toNextStage, int depth)
    {
        cursor.First += bytes;
        cursor.Second += bytes;
        cursor.Target += (uint)toNextStage;
        cursor.Left -= depth;
        return cursor;
    }
}
