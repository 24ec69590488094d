using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Engine.Kernels.Device;

/// <summary>
/// C = epilogue(op(A) op(B)) on tensor cores, or one slice of k of the sums: products of BF16 or TF32 operands, added in float32.
/// 2MNK flops; A is read once per column of tiles, B once per row of tiles, 2 bytes per element in BF16, 4 in TF32.
/// <para>
/// A group computes one tile of C. Both operands pass through three buffers in shared memory: while one tile of k is multiplied, the next
/// two are on their way (cp.async), so that a step waits for what was asked for two steps ago. One barrier per step: behind it everybody
/// sees the new tile, and the buffer multiplied before it is free for the copy that follows.
/// </para>
/// <para>
/// TF32 operands are float32 in memory and are rounded (to nearest, ties away from zero) in registers, behind the reads from shared memory.
/// BF16 operands that are float32 in memory are converted before, by
/// <see cref="CopyKernel{TFrom, TFromElement, TTo, TToElement, TAccess}"/> into scratch memory: 6(MK + KN) bytes once.
/// To convert them on the way into shared memory would read 2 bytes more per element and tile,
/// 2MK(N/128) + 2KN(M/128), which is more as soon as C has more than three tiles in each direction, and would put every element through
/// registers, where asynchronous copies do not. For 4096 x 4096 x 4096: 201 MB of device memory instead of 2.1 GB more from the
/// second-level cache, beside 137 GFLOP. Weights stored in BF16 are read as they are. The same copy brings operands into rows of whole
/// 16 bytes that do not lie in such.
/// </para>
/// <para>
/// In the end each warp hands sixteen rows of its sums at a time to itself through shared memory, so that the epilogue gets four neighbours
/// of a row per thread, and eight threads 128 bytes of it.
/// </para>
/// </summary>
internal static class TensorGemmKernel<TFormat, TTile, TA, TB>
    where TFormat : struct, ITensorFormat
    where TTile : struct, ITensorTile<TFormat>
    where TA : struct, ITensorLayout
    where TB : struct, ITensorLayout
{
    public static readonly DeviceKernel<TensorGemmArgs> Kernel = new(
        $"gemm_tensor_{TFormat.Name}_{TTile.Name}_{TA.Name}_{TB.Name}", Run, TTile.Threads, TTile.Groups);

    private static int SizeA => TTile.Rows * TensorGemm.DepthBytes;

    private static int StageSize => (TTile.Rows + TTile.Columns) * TensorGemm.DepthBytes;

    // From the first buffer to the last.
    private static int LastStage => (TensorGemm.Stages - 1) * StageSize;

    private static int TileDepth => TensorGemm.DepthBytes / TFormat.ElementBytes;

    /// <summary>Enqueues the kernel.</summary>
    /// <param name="launcher">Where.</param>
    /// <param name="args">Operands.</param>
    /// <param name="slices">Parts of k.</param>
    public static void Launch(IKernelLauncher launcher, in TensorGemmArgs args, int slices) =>
        launcher.Launch(Kernel, new Index3D(TileRows(args.Product) * TileColumns(args.Product), 1, slices), args);

    private static int TileRows(GemmKernelArgs args) => (args.A.Rows + TTile.Rows - 1) / TTile.Rows;

    private static int TileColumns(GemmKernelArgs args) => (args.B.Rows + TTile.Columns - 1) / TTile.Columns;

    private static void Run(TensorGemmArgs args)
    {
        // The kernel's only shared memory, to which the kernel compiler gives this name.
        ArrayView<Float4> handover = SharedMemory.Allocate<Float4>(TensorGemm.Stages * StageSize / TensorGemm.ChunkBytes);
        CudaAsm.Emit("mov.u32 %0, __shared_alloca0;", out uint inMemory);
        uint shared = inMemory;
        TTile.Declare();
        GemmKernelArgs product = args.Product;
        Index2D tile = GemmTileOrder.Locate(Grid.IdxX, TileRows(product), TileColumns(product));
        int lane = Group.IdxX & 31;
        int warp = Group.IdxX >> 5;
        int warpRow = warp / (TTile.Columns / TensorGemm.WarpColumns) * TTile.WarpRows;
        int warpColumn = warp % (TTile.Columns / TensorGemm.WarpColumns) * TensorGemm.WarpColumns;
        int start = Grid.IdxZ * product.SliceDepth;
        int depth = IntrinsicMath.Min(product.Depth - start, product.SliceDepth);
        TensorCursor cursorA = TA.Start<TFormat>(
            product.A, args.AddressA, shared, TTile.Rows, TTile.Threads, tile.Y * TTile.Rows, start, depth);
        TensorCursor cursorB = TB.Start<TFormat>(
            product.B, args.AddressB, shared + (uint)SizeA, TTile.Columns, TTile.Threads, tile.X * TTile.Columns, start, depth);
        long bytesA = TA.TileBytes<TFormat>(product.A);
        long bytesB = TB.TileBytes<TFormat>(product.B);
        TensorReads readsA = TA.ReadsOfA<TFormat>(shared, lane, warpRow, TTile.Rows);
        TensorReads readsB = TB.ReadsOfB<TFormat>(shared + (uint)SizeA, lane, warpColumn, TTile.Columns);

        // Tiles that lie behind the end are copies of nothing: zeros, and nothing is read.
        for (int ahead = 0; ahead < TensorGemm.Stages - 1; ahead++)
        {
            Copy(cursorA, cursorB);
            cursorA = TA.Move<TFormat>(cursorA, bytesA, StageSize, TTile.Rows, TTile.Threads);
            cursorB = TB.Move<TFormat>(cursorB, bytesB, StageSize, TTile.Columns, TTile.Threads);
        }

        // All addresses move by adding, reads through the buffers one step before copies: nothing is computed anew in the loop.
        int stage = 0;
        int copiesToNext = -LastStage;
        for (int left = depth; left > 0; left -= TileDepth)
        {
            CudaAsm.Emit("cp.async.wait_group 1;");
            Group.Barrier();
            Copy(cursorA, cursorB);
            cursorA = TA.Move<TFormat>(cursorA, bytesA, copiesToNext, TTile.Rows, TTile.Threads);
            cursorB = TB.Move<TFormat>(cursorB, bytesB, copiesToNext, TTile.Columns, TTile.Threads);
            TA.LoadA<TFormat, TTile>(readsA, 0);
            TB.LoadB<TFormat, TTile>(readsB, 0);
            TTile.Multiply();
            TA.LoadA<TFormat, TTile>(readsA, 1);
            TB.LoadB<TFormat, TTile>(readsB, 1);
            TTile.Multiply();
            copiesToNext = stage == LastStage ? -LastStage : StageSize;
            stage += copiesToNext;
            readsA = TA.Move<TFormat>(readsA, copiesToNext, TTile.WarpRows);
            readsB = TB.Move<TFormat>(readsB, copiesToNext, TensorGemm.WarpColumns);
        }

        CudaAsm.Emit("cp.async.wait_all;");
        Group.Barrier();
        Finish(product, handover, shared, (tile.Y * TTile.Rows) + warpRow, (tile.X * TTile.Columns) + warpColumn);
    }

    private static void Copy(TensorCursor a, TensorCursor b)
    {
        TA.Copy<TFormat>(a, TTile.Rows, TTile.Threads);
        TB.Copy<TFormat>(b, TTile.Columns, TTile.Threads);
        CudaAsm.Emit("cp.async.commit_group;");
    }

    private static void Finish(GemmKernelArgs args, ArrayView<Float4> handover, uint shared, int firstRow, int firstColumn)
    {
        const int RowVectors = TensorGemm.HandoverStride / Float4.Width;
        const int WarpVectors = TensorGemm.StepRows * RowVectors;
        int lane = Group.IdxX & 31;
        int warp = Group.IdxX >> 5;
        uint target = shared + (uint)((warp * WarpVectors * TensorGemm.ChunkBytes)
            + ((lane >> 2) * TensorGemm.HandoverStride * sizeof(float)) + ((lane & 3) * 2 * sizeof(float)));
        int source = (warp * WarpVectors) + ((lane >> 3) * RowVectors) + (lane & 7);
        int column = firstColumn + ((lane & 7) * Float4.Width);
        for (int step = 0; step < TTile.WarpRows / TensorGemm.StepRows; step++)
        {
            TTile.Store(step, target);
            Warp.Barrier();
            for (int quad = 0; quad < TensorGemm.StepRows; quad += 4)
            {
                int row = firstRow + (step * TensorGemm.StepRows) + quad + (lane >> 3);
                Float4 sums = handover[source + (quad * RowVectors)];
                if (row < args.A.Rows && column < args.B.Rows)
                {
                    GemmEpilogue.Apply(args.Epilogue, Grid.IdxZ * args.SliceElements, row, column, sums);
                }

                // Branches on the step are compiled as uniform: no thread of a warp may run ahead to the next one.
                Warp.Barrier();
            }
        }
    }
}
