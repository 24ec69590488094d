using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// C = epilogue(A B^T) for up to four rows of A, B with k as the fast index; or one slice of k of the sums. 2MNK flops; B is read once,
/// 4NK bytes in F32, 2NK in BF16: memory-bound. A comes from the caches.
/// Sixteen lanes share a column of C and read 64 neighbours of its k per load, four each, with two loads under way. Where C has too few
/// columns to fill a device, several such rows of lanes share one and take turns. In the end the lanes are reduced, and the parts of a
/// column added in order.
/// The rows of C are the four numbers that a reduction takes at once.
/// </summary>
internal static class FewRowsDepthKernel<TRows, TReduction, TFormat, TElement, TRounding>
    where TRows : struct, IRowCount
    where TReduction : struct, ILaneReduction
    where TFormat : struct, IStorageFormat<TElement>
    where TElement : unmanaged
    where TRounding : struct, IOperandRounding
{
    public static readonly DeviceKernel<FewRowsArgs> Kernel = new(
        $"gemm_rows{TRows.Count}_depth_{StorageFormats.Name<TFormat>()}{TRounding.Suffix}", Run, AttentionTile.Threads);

    private const int LaneRows = AttentionTile.Threads / AttentionTile.Lanes;

    // k of one load of a row of lanes, and of the two loads of a step.
    private const int PassDepth = AttentionTile.Lanes * Float4.Width;
    private const int StepDepth = 2 * PassDepth;

    /// <summary>Enqueues the kernel.</summary>
    /// <param name="launcher">Where.</param>
    /// <param name="args">Operands.</param>
    /// <param name="slices">Parts of k.</param>
    public static void Launch(IKernelLauncher launcher, in FewRowsArgs args, int slices) =>
        launcher.Launch(Kernel, new Index3D((args.Product.B.Rows + args.Columns - 1) / args.Columns, 1, slices), args);

    private static void Run(FewRowsArgs args)
    {
        ArrayView<Float4> slots = SharedMemory.Allocate<Float4>(AttentionTile.Threads);
        GemmKernelArgs product = args.Product;
        ArrayView<TElement> b = product.B.Bytes.Cast<TElement>();
        int firstColumn = Grid.IdxX * args.Columns;
        int column = IntrinsicMath.Min(firstColumn + (AttentionTile.Row % args.Columns), product.B.Rows - 1);
        int part = AttentionTile.Row / args.Columns;
        int parts = LaneRows / args.Columns;
        int start = Grid.IdxZ * product.SliceDepth;
        int depth = IntrinsicMath.Min(product.Depth - start, product.SliceDepth);
        int end = start + depth;
        int endOfSteps = end - (depth % StepDepth);
        long source = (long)column * product.B.RowStep;
        Float4 sums = default;
        for (int k = start + (part * StepDepth); k < endOfSteps; k += parts * StepDepth)
        {
            int low = k + (AttentionTile.Lane * Float4.Width);
            Float4 weights = TFormat.Load4(b, (source + low) / Float4.Width);
            Float4 next = TFormat.Load4(b, (source + low + PassDepth) / Float4.Width);
            sums = AddDots(sums, product.A, low, weights);
            sums = AddDots(sums, product.A, low + PassDepth, next);
        }

        for (int k = endOfSteps + (part * PassDepth) + (AttentionTile.Lane * Float4.Width); k < end; k += parts * PassDepth)
        {
            sums = AddDots(sums, product.A, k, TFormat.Load4(b, (source + k) / Float4.Width));
        }

        Publish(slots.Cast<float>(), TReduction.Sum(sums, slots));
        Group.Barrier();
        Finish(args, slots, firstColumn);
    }

    /// <summary>Sums of all rows of lanes, row of C after row of C.</summary>
    private static void Publish(ArrayView<float> slots, Float4 sums)
    {
        if (AttentionTile.Lane == 0)
        {
            slots[AttentionTile.Row] = sums.X;
            if (TRows.Count > 1)
            {
                slots[LaneRows + AttentionTile.Row] = sums.Y;
                slots[(2 * LaneRows) + AttentionTile.Row] = sums.Z;
                slots[(3 * LaneRows) + AttentionTile.Row] = sums.W;
            }
        }
    }

    /// <summary>sums + A[rows, k to k + 3] . weights, a number per row.</summary>
    private static Float4 AddDots(Float4 sums, GemmOperand a, int k, Float4 weights)
    {
        Float4 rounded = TRounding.Round(weights);
        sums.X = Float4.AddDot(sums.X, LoadA(a, 0, k), rounded);
        if (TRows.Count > 1)
        {
            sums.Y = Float4.AddDot(sums.Y, LoadA(a, 1, k), rounded);
            sums.Z = Float4.AddDot(sums.Z, LoadA(a, 2, k), rounded);
            sums.W = Float4.AddDot(sums.W, LoadA(a, 3, k), rounded);
        }

        return sums;
    }

    private static Float4 LoadA(GemmOperand a, int row, int k)
    {
        long element = ((long)IntrinsicMath.Min(row, a.Rows - 1) * a.RowStep) + k;
        return TRounding.Round(Float4.Load(a.Bytes.Cast<float>(), element / Float4.Width));
    }

    /// <summary>A thread adds the parts of four columns of one row.</summary>
    private static void Finish(FewRowsArgs args, ArrayView<Float4> slots, int firstColumn)
    {
        int quads = args.Columns / Float4.Width;
        int row = Group.IdxX / quads;
        int quad = Group.IdxX % quads;
        int column = firstColumn + (quad * Float4.Width);
        if (row >= args.Product.A.Rows || column >= args.Product.B.Rows)
        {
            return;
        }

        Float4 sums = default;
        for (int first = quad; first < LaneRows / Float4.Width; first += quads)
        {
            sums = Float4.Add(sums, slots[(row * LaneRows / Float4.Width) + first]);
        }

        GemmEpilogue.Apply(args.Product.Epilogue, Grid.IdxZ * args.Product.SliceElements, row, column, sums);
    }
}
