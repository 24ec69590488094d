using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// C = epilogue(A B) for up to four rows of A, B with its columns as the fast index; or one slice of k of the sums. 2MNK flops; B is read
/// once, 4KN bytes in F32, 2KN in BF16: memory-bound. A comes from the caches.
/// A thread has four columns and every so many k, four at a time, so that four loads are on their way; neighbours have neighbouring
/// columns, 32 to 128 bytes of each k. In the end the threads of a column are added in a tree.
/// </summary>
internal static class FewRowsColumnsKernel<TRows, TFormat, TElement, TRounding>
    where TRows : struct, IRowCount
    where TFormat : struct, IStorageFormat<TElement>
    where TElement : unmanaged
    where TRounding : struct, IOperandRounding
{
    private const int GroupSize = 256;

    // k that a thread takes at a time.
    private const int StepDepth = Float4.Width;

    public static readonly DeviceKernel<FewRowsArgs> Kernel = new(
        $"gemm_rows{TRows.Count}_columns_{StorageFormats.Name<TFormat>()}{TRounding.Suffix}", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    /// <param name="launcher">Where.</param>
    /// <param name="args">Operands.</param>
    /// <param name="slices">Parts of k.</param>
    public static void Launch(IKernelLauncher launcher, in FewRowsArgs args, int slices) =>
        launcher.Launch(Kernel, new Index3D((args.Product.B.Rows + args.Columns - 1) / args.Columns, 1, slices), args);

    private static void Run(FewRowsArgs args)
    {
        ArrayView<Float4> slots = SharedMemory.Allocate<Float4>(TRows.Count * GroupSize);
        GemmKernelArgs product = args.Product;
        int quads = args.Columns / Float4.Width;
        int firstColumn = Grid.IdxX * args.Columns;
        int column = IntrinsicMath.Min(firstColumn + (Group.IdxX % quads * Float4.Width), product.B.Rows - Float4.Width);
        int start = Grid.IdxZ * product.SliceDepth;
        int end = start + IntrinsicMath.Min(product.Depth - start, product.SliceDepth);
        RowSums sums = default;
        for (int k = start + (Group.IdxX / quads * StepDepth); k < end; k += GroupSize / quads * StepDepth)
        {
            Float4 first = LoadB(product.B, k, column);
            Float4 second = LoadB(product.B, k + 1, column);
            Float4 third = LoadB(product.B, k + 2, column);
            Float4 fourth = LoadB(product.B, k + 3, column);
            sums.First = AddProducts(sums.First, LoadA(product.A, 0, k), first, second, third, fourth);
            if (TRows.Count > 1)
            {
                sums.Second = AddProducts(sums.Second, LoadA(product.A, 1, k), first, second, third, fourth);
                sums.Third = AddProducts(sums.Third, LoadA(product.A, 2, k), first, second, third, fourth);
                sums.Fourth = AddProducts(sums.Fourth, LoadA(product.A, 3, k), first, second, third, fourth);
            }
        }

        slots[Group.IdxX] = sums.First;
        if (TRows.Count > 1)
        {
            slots[Group.IdxX + GroupSize] = sums.Second;
            slots[Group.IdxX + (2 * GroupSize)] = sums.Third;
            slots[Group.IdxX + (3 * GroupSize)] = sums.Fourth;
        }

        Group.Barrier();
        for (int distance = GroupSize / 2; distance >= quads; distance >>= 1)
        {
            if (Group.IdxX < distance)
            {
                for (int slot = Group.IdxX; slot < TRows.Count * GroupSize; slot += GroupSize)
                {
                    slots[slot] = Float4.Add(slots[slot], slots[slot + distance]);
                }
            }

            Group.Barrier();
        }

        Finish(args, slots, firstColumn, quads);
    }

    private static Float4 LoadB(GemmOperand b, int k, int column) => TRounding.Round(
        TFormat.Load4(b.Bytes.Cast<TElement>(), (((long)k * b.DepthStep) + column) / Float4.Width));

    private static Float4 LoadA(GemmOperand a, int row, int k)
    {
        long element = ((long)IntrinsicMath.Min(row, a.Rows - 1) * a.RowStep) + k;
        return TRounding.Round(Float4.Load(a.Bytes.Cast<float>(), element / Float4.Width));
    }

    private static Float4 AddProducts(Float4 sums, Float4 a, Float4 first, Float4 second, Float4 third, Float4 fourth) =>
        Float4.AddScaled(Float4.AddScaled(Float4.AddScaled(Float4.AddScaled(sums, a.X, first), a.Y, second), a.Z, third), a.W, fourth);

    /// <summary>A thread has four columns of one row.</summary>
    private static void Finish(FewRowsArgs args, ArrayView<Float4> slots, int firstColumn, int quads)
    {
        int row = Group.IdxX / quads;
        int quad = Group.IdxX % quads;
        int column = firstColumn + (quad * Float4.Width);
        if (row < args.Product.A.Rows && column < args.Product.B.Rows)
        {
            GemmEpilogue.Apply(
                args.Product.Epilogue, Grid.IdxZ * args.Product.SliceElements, row, column, slots[(row * GroupSize) + quad]);
        }
    }
}
