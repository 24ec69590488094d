using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// C = epilogue(op(A) op(B)), or one slice of k of the sums. 2MNK flops; A is read once per column of tiles, B once per row of tiles.
/// A group computes one tile of C. Both operands pass through shared memory, in two buffers that take turns: while the sums of one tile are
/// computed, the elements of the next are on their way into registers. Every thread holds its sums in registers, so that a step of k
/// costs ThreadRows + ThreadColumns floats from shared memory for ThreadRows * ThreadColumns multiplications.
/// Lanes of a warp are 4 x 8 threads, numbered so that neighbours (bit 0) share rows and next but one (bit 1) share columns: the
/// hardware then serves two quarters of a warp's 16-byte reads at once.
/// </summary>
internal static class TiledGemmKernel<TTile, TA, TB>
    where TTile : struct, IGemmTile<TTile>
    where TA : struct, IGemmLoader
    where TB : struct, IGemmLoader
{
    public static readonly DeviceKernel<GemmKernelArgs> Kernel = new(
        $"gemm_{TTile.Name}_{TA.Name}_{TB.Name}", Run, TiledGemm.Threads, groupsPerMultiprocessor: 2);

    // Floats of one buffer.
    private static int SizeA => TTile.Depth * (TTile.Rows + TiledGemm.Padding);

    private static int SizeB => TTile.Depth * (TTile.Columns + TiledGemm.Padding);

    /// <summary>Enqueues the kernel.</summary>
    /// <param name="launcher">Where.</param>
    /// <param name="args">Operands.</param>
    /// <param name="slices">Parts of k.</param>
    public static void Launch(IKernelLauncher launcher, in GemmKernelArgs args, int slices) =>
        launcher.Launch(Kernel, new Index3D(TileRows(args) * TileColumns(args), 1, slices), args);

    private static int TileRows(GemmKernelArgs args) => (args.A.Rows + TTile.Rows - 1) / TTile.Rows;

    private static int TileColumns(GemmKernelArgs args) => (args.B.Rows + TTile.Columns - 1) / TTile.Columns;

    private static void Run(GemmKernelArgs args)
    {
        ArrayView<Float4> sharedA = SharedMemory.Allocate<Float4>(2 * SizeA / Float4.Width);
        ArrayView<Float4> sharedB = SharedMemory.Allocate<Float4>(2 * SizeB / Float4.Width);
        Index2D tile = GemmTileOrder.Locate(Grid.IdxX, TileRows(args), TileColumns(args));
        int warp = Group.IdxX >> 5;
        int laneRow = ((Group.IdxX >> 1) & 1) | ((Group.IdxX >> 3) & 2);
        int laneColumn = (Group.IdxX & 1) | ((Group.IdxX >> 1) & 6);
        int row = ((warp >> 1) * 4 * TTile.ThreadRows) + (laneRow * Float4.Width);
        int column = ((warp & 1) * 8 * TTile.ThreadColumns) + (laneColumn * Float4.Width);

        // The first tile takes what does not fill a whole one, so that only it has to be checked.
        int start = Grid.IdxZ * args.SliceDepth;
        int depth = IntrinsicMath.Min(args.Depth - start, args.SliceDepth);
        int tilesLeft = IntrinsicMath.Max(depth - 1, 0) / TTile.Depth;
        int firstDepth = depth - (tilesLeft * TTile.Depth);
        GemmCursor cursorA = TA.Start(args.A, TTile.Rows, tile.Y * TTile.Rows, start);
        GemmCursor cursorB = TB.Start(args.B, TTile.Columns, tile.X * TTile.Columns, start);
        Store<TA>(sharedA, cursorA, TTile.Rows, Load<TA>(args.A, cursorA, TTile.Rows, firstDepth));
        Store<TB>(sharedB, cursorB, TTile.Columns, Load<TB>(args.B, cursorB, TTile.Columns, firstDepth));
        cursorA.Source += (long)firstDepth * args.A.DepthStep;
        cursorB.Source += (long)firstDepth * args.B.DepthStep;
        Group.Barrier();

        // Positions move to the other buffer and back by adding and subtracting: nothing about the thread is computed anew in the loop.
        TTile sums = default;
        int readA = row / Float4.Width;
        int readB = column / Float4.Width;
        int toOtherA = SizeA;
        int toOtherB = SizeB;
        for (; tilesLeft > 0; tilesLeft--)
        {
            GemmFragment nextA = Load<TA>(args.A, cursorA, TTile.Rows, TiledGemm.FullDepth);
            GemmFragment nextB = Load<TB>(args.B, cursorB, TTile.Columns, TiledGemm.FullDepth);
            cursorA.Source += (long)TTile.Depth * args.A.DepthStep;
            cursorB.Source += (long)TTile.Depth * args.B.DepthStep;
            sums = MultiplyAdd(sums, sharedA, readA, sharedB, readB);
            cursorA.Target += toOtherA;
            cursorB.Target += toOtherB;
            readA += toOtherA / Float4.Width;
            readB += toOtherB / Float4.Width;
            toOtherA = -toOtherA;
            toOtherB = -toOtherB;
            Store<TA>(sharedA, cursorA, TTile.Rows, nextA);
            Store<TB>(sharedB, cursorB, TTile.Columns, nextB);
            Group.Barrier();
        }

        sums = MultiplyAdd(sums, sharedA, readA, sharedB, readB);
        Finish(args, (tile.Y * TTile.Rows) + row, (tile.X * TTile.Columns) + column, sums);
    }

    private static GemmFragment Load<TLoader>(GemmOperand operand, GemmCursor cursor, int tileRows, int depth)
        where TLoader : struct, IGemmLoader
    {
        GemmFragment fragment = default;
        fragment.First = TLoader.Load(operand, cursor, tileRows, 0, depth);
        if (tileRows * TTile.Depth > TiledGemm.PassFloats)
        {
            fragment.Second = TLoader.Load(operand, cursor, tileRows, TiledGemm.PassFloats / tileRows, depth);
        }

        return fragment;
    }

    private static void Store<TLoader>(ArrayView<Float4> shared, GemmCursor cursor, int tileRows, GemmFragment fragment)
        where TLoader : struct, IGemmLoader
    {
        TLoader.Store(shared, cursor, tileRows, 0, fragment.First);
        if (tileRows * TTile.Depth > TiledGemm.PassFloats)
        {
            TLoader.Store(shared, cursor, tileRows, TiledGemm.PassFloats / tileRows, fragment.Second);
        }
    }

    /// <summary>All k of a tile. A loop, and not one run without branches: the kernel compiler moves arithmetic behind everything that
    /// waits
    /// for memory in the same run, here behind the writes to shared memory and the barrier.</summary>
    private static TTile MultiplyAdd(TTile sums, ArrayView<Float4> sharedA, int readA, ArrayView<Float4> sharedB, int readB)
    {
        for (int k = 0; k < TTile.Depth; k += TTile.StepDepth)
        {
            sums = TTile.MultiplyAdd(sums, sharedA.SubView(readA), sharedB.SubView(readB));
            readA += TTile.StepDepth * (TTile.Rows + TiledGemm.Padding) / Float4.Width;
            readB += TTile.StepDepth * (TTile.Columns + TiledGemm.Padding) / Float4.Width;
        }

        return sums;
    }

    private static void Finish(GemmKernelArgs args, int firstRow, int firstColumn, TTile sums)
    {
        int runs = TTile.ThreadColumns / Float4.Width;
        for (int quad = 0; quad < TTile.ThreadRows * runs; quad++)
        {
            int threadRow = quad / runs;
            int row = firstRow + (threadRow % 4) + (threadRow / 4 * TiledGemm.RowRunStep);
            int column = firstColumn + (quad % runs * TiledGemm.ColumnRunStep);
            if (row < args.A.Rows && column < args.B.Rows)
            {
                GemmEpilogue.Apply(args.Epilogue, Grid.IdxZ * args.SliceElements, row, column, TTile.Quad(sums, quad));
            }

            // Branches on the step are compiled as uniform: no thread of a warp may run ahead to the next one.
            Group.Barrier();
        }
    }
}
