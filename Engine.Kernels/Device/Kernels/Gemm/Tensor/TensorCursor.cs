using ILGPU.Runtime.Cuda;

namespace Engine.Kernels.Device;

/// <summary>Which chunks of an operand a thread copies next, and where to.</summary>
internal struct TensorCursor
{
    /// <summary>Address of the first chunk.</summary>
    public long First;

    /// <summary>Address of the second chunk, if there is one.</summary>
    public long Second;

    /// <summary>Of the first chunk in a tile in shared memory, in bytes.</summary>
    public int Target;

    /// <summary>What the thread's place in the tile takes away from k: bytes of a row, or k.</summary>
    public int Depth;

    /// <summary>Bytes of a chunk that are rows of the operand; not used if all are.</summary>
    public int RowBytes;

    /// <summary>Starts one copy.</summary>
    /// <param name="target">In shared memory.</param>
    /// <param name="source">In memory, at a multiple of 16 bytes.</param>
    /// <param name="length">Bytes that are read; zeros follow. Nothing is read if there are none.</param>
    public static void Copy(uint target, long source, uint length) =>
        CudaAsm.Emit("cp.async.cg.shared.global [%0], [%1], 16, %2;", target, source, length);
}
