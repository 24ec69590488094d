using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Engine.Kernels.Device;

/// <summary>
/// C = epilogue(op(A) op(B)) on tensor cores, or one slice of k of the sums: products of BF16 or TF32 operands, added in float32.
/// 2MNK flops; A is read once per column of tiles, B once per row of tiles, 2 bytes per element in BF16, 4 in TF32.
/// <para>
/// A group computes one tile of C. Both operands pass through three buffers in shared memory: while one tile of k is multiplied, the next
/// two are on their way (cp.async), so that nobody waits but for what was asked for two tiles ago. One barrier per tile of k: behind it
/// everybody sees the next one, and the buffer multiplied before is free for the copies that follow. Fragments are loaded into registers a
/// step of the tensor cores ahead, across the barrier too: no step waits for its own.
/// </para>
/// <para>
/// What limits a tile, per multiprocessor: an H100 makes 2048 multiply-adds per clock in BF16, an A100 1024. One product of matrices
/// (mma) is 2048 of them, in TF32 half as many at half the rate. A wavefront is 128 bytes of shared memory, one per clock; copies into
/// shared memory take them too. The share of an H100's peak is what wavefronts leave, as the interpreter of PTX counts them. Products,
/// instructions on integers and registers are those of one thread in the PTX of the loop over tiles of k; registers are the most that
/// live at one place, fragments of two steps among them.
/// </para>
/// <code>
/// tile     warps       groups  shared   wavefronts   share of  bytes per clock   products  integers  registers
///                              memory   per product  the peak  at 60 % of peak
/// 128x256  8, 64 x 64  1       144 KB   1 + 0.375    73 %      29                128       73        226 of 255
/// 128x128  4, 64 x 64  2       2 x 48   1 + 0.5      67 %      38                64        53        226 of 255
/// 128x64   8, 32 x 32  2       2 x 36   2 + 0.75     36 %      -                 16        33        95 of 128
/// 64x64    4, 32 x 32  4       4 x 24   2 + 1        33 %      -                 16        37        97 of 128
/// </code>
/// <para>
/// 128 x 256 is the only tile within the 25 to 30 bytes per clock that the second-level cache of an H100 gives each multiprocessor. Its
/// group is alone there, so nothing but its own depth hides barriers and latency: 128 bytes of k per row are four steps, 1024 products of
/// the group per barrier (1700 clocks at 60 % of the peak), and whole lines of the cache. Three buffers of 48 KB keep 48 to 96 KB on
/// their way, where 800 clocks of latency need 23, and fit an A100 (163 KB) and an H100 (227 KB). Four buffers of 64 bytes per row would
/// fit GPUs with 99 KB too, with as many bytes on their way, but with half a line per row and twice the barriers. Its copies are spread
/// over three steps, so that reads of fragments do not queue behind all of them.
/// </para>
/// <para>
/// TF32 operands are float32 in memory and are rounded (to nearest, ties away from zero) in registers, behind the reads from shared memory.
/// BF16 operands that are float32 in memory are converted before, by
/// <see cref="CopyKernel{TFrom, TFromElement, TTo, TToElement, TAccess}"/> into scratch memory: 6(MK + KN) bytes once.
/// To convert them on the way into shared memory would read 2 bytes more per element and tile, for tiles of 128 x 128 2MK(N/128) +
/// 2KN(M/128), which is more as soon as C has more than three tiles in each direction, and would put every element through registers,
/// where asynchronous copies do not. For 4096 x 4096 x 4096: 201 MB of device memory instead of 2.1 GB more from the second-level cache,
/// beside 137 GFLOP. Weights stored in BF16 are read as they are. The same copy brings operands into rows of whole 16 bytes that do not
/// lie in such.
/// </para>
/// <para>
/// In the end each warp hands sixteen rows of its sums at a time to itself through shared memory, so that the epilogue gets four neighbours
/// of a row per thread, and eight or sixteen threads 128 or 256 bytes of it.
/// </para>
/// </summary>
internal static class TensorGemmKernel<TFormat, TTile, TA, TB>
    where TFormat : struct, ITensorFormat
    where TTile : struct, ITensorTile<TFormat>
    where TA : struct, ITensorLayout
    where TB : struct, ITensorLayout
{
    public static readonly DeviceKernel<TensorGemmArgs> Kernel = new(
        $"gemm_tensor_{TFormat.Name}_{TTile.Name}_{TA.Name}_{TB.Name}", Run, TTile.Threads, TTile.Groups, TTile.DynamicSharedBytes);

    private static int SizeA => TTile.Rows * TTile.DepthBytes;

    private static int StageSize => (TTile.Rows + TTile.Columns) * TTile.DepthBytes;

    // From the first buffer to the last.
    private static int LastStage => (TensorGemm.Stages - 1) * StageSize;

    // Four steps of the tensor cores instead of two.
    private static bool IsDeep => TTile.DepthBytes == 4 * TensorGemm.StepBytes;

    private static int TileDepth => TTile.DepthBytes / TFormat.ElementBytes;

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
        ArrayView<Float4> handover = TTile.Shared();
        uint shared = TTile.SharedAddress();
        TTile.Declare();
        GemmKernelArgs product = args.Product;
        Index2D tile = GemmTileOrder.Locate(Grid.IdxX, TileRows(product), TileColumns(product));
        int lane = Group.IdxX & 31;
        int warp = Group.IdxX >> 5;
        int warpRow = warp / (TTile.Columns / TTile.WarpColumns) * TTile.WarpRows;
        int warpColumn = warp % (TTile.Columns / TTile.WarpColumns) * TTile.WarpColumns;
        int start = Grid.IdxZ * product.SliceDepth;
        int depth = IntrinsicMath.Min(product.Depth - start, product.SliceDepth);
        TensorCursor cursorA = TA.Start<TFormat, TTile>(
            product.A, args.AddressA, shared, TTile.Rows, tile.Y * TTile.Rows, start, depth);
        TensorCursor cursorB = TB.Start<TFormat, TTile>(
            product.B, args.AddressB, shared + (uint)SizeA, TTile.Columns, tile.X * TTile.Columns, start, depth);
        long bytesA = TA.TileBytes<TFormat, TTile>(product.A);
        long bytesB = TB.TileBytes<TFormat, TTile>(product.B);
        TensorReads readsA = TA.ReadsOfA<TFormat, TTile>(shared, lane, warpRow);
        TensorReads readsB = TB.ReadsOfB<TFormat, TTile>(shared + (uint)SizeA, lane, warpColumn);

        // Tiles that lie behind the end are copies of nothing: zeros, and nothing is read.
        for (int ahead = 0; ahead < TensorGemm.Stages - 1; ahead++)
        {
            TA.Copy<TFormat, TTile>(cursorA, TTile.Rows, 0);
            TB.Copy<TFormat, TTile>(cursorB, TTile.Columns, 0);
            if (IsDeep)
            {
                TB.Copy<TFormat, TTile>(cursorB, TTile.Columns, 1);
            }

            CudaAsm.Emit("cp.async.commit_group;");
            cursorA = TA.Move<TFormat, TTile>(cursorA, bytesA, StageSize);
            cursorB = TB.Move<TFormat, TTile>(cursorB, bytesB, StageSize);
        }

        CudaAsm.Emit("cp.async.wait_group 1;");
        Group.Barrier();
        Load(readsA, readsB, 0);

        // All addresses move by adding, reads through the buffers one step before copies: nothing is computed anew in the loop.
        int stage = 0;
        int copiesToNext = -LastStage;
        for (int left = depth; left > 0; left -= TileDepth)
        {
            Load(readsA, readsB, 1);
            TA.Copy<TFormat, TTile>(cursorA, TTile.Rows, 0);
            if (IsDeep)
            {
                TTile.Multiply(0);
                Load(readsA, readsB, 2);
                TB.Copy<TFormat, TTile>(cursorB, TTile.Columns, 0);
                TTile.Multiply(1);
                Load(readsA, readsB, 3);
                TB.Copy<TFormat, TTile>(cursorB, TTile.Columns, 1);
            }
            else
            {
                TB.Copy<TFormat, TTile>(cursorB, TTile.Columns, 0);
            }

            // Steps are even and odd; this is the last but one of the tile.
            CudaAsm.Emit("cp.async.commit_group;");
            TTile.Multiply(0);
            cursorA = TA.Move<TFormat, TTile>(cursorA, bytesA, copiesToNext);
            cursorB = TB.Move<TFormat, TTile>(cursorB, bytesB, copiesToNext);
            copiesToNext = stage == LastStage ? -LastStage : StageSize;
            stage += copiesToNext;
            readsA = TA.Move<TFormat, TTile>(readsA, copiesToNext, TTile.WarpRows);
            readsB = TB.Move<TFormat, TTile>(readsB, copiesToNext, TTile.WarpColumns);
            CudaAsm.Emit("cp.async.wait_group 1;");
            Group.Barrier();
            Load(readsA, readsB, 0);
            TTile.Multiply(1);
        }

        CudaAsm.Emit("cp.async.wait_all;");
        Group.Barrier();
        Finish(product, handover, shared, (tile.Y * TTile.Rows) + warpRow, (tile.X * TTile.Columns) + warpColumn);
    }

    private static void Load(TensorReads a, TensorReads b, int step)
    {
        TA.LoadA<TFormat, TTile>(a, step);
        TB.LoadB<TFormat, TTile>(b, step);
    }

    private static void Finish(GemmKernelArgs args, ArrayView<Float4> handover, uint shared, int firstRow, int firstColumn)
    {
        int lanesPerRow = TTile.WarpColumns / Float4.Width;
        int rowFloats = TTile.WarpColumns + TensorGemm.HandoverPadding;
        int rowVectors = rowFloats / Float4.Width;
        int warpVectors = TensorGemm.StepRows * rowVectors;
        int lane = Group.IdxX & 31;
        int warp = Group.IdxX >> 5;
        uint target = shared + (uint)((warp * warpVectors * TensorGemm.ChunkBytes)
            + ((lane >> 2) * rowFloats * sizeof(float)) + ((lane & 3) * 2 * sizeof(float)));
        int source = (warp * warpVectors) + (lane / lanesPerRow * rowVectors) + (lane % lanesPerRow);
        int column = firstColumn + (lane % lanesPerRow * Float4.Width);
        for (int step = 0; step < TTile.WarpRows / TensorGemm.StepRows; step++)
        {
            TTile.Store(step, target);
            Warp.Barrier();
            for (int rows = 0; rows < TensorGemm.StepRows; rows += 32 / lanesPerRow)
            {
                int row = firstRow + (step * TensorGemm.StepRows) + rows + (lane / lanesPerRow);
                Float4 sums = handover[source + (rows * rowVectors)];
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
