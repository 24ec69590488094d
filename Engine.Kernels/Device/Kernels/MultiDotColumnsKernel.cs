using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// One block of rows of g_i[column] = sum over rows of gradient (expert_i - base), i = 1 .. n, for channels that are columns;
/// <see cref="SegmentSumKernel{TReduction}"/> adds the blocks up. 3nP flops, (n + 2) 4P bytes: memory-bound. One thread per column.
/// </summary>
internal static class MultiDotColumnsKernel<TBase, TBaseElement, TExpert, TElement>
    where TBase : struct, IStorageFormat<TBaseElement>
    where TBaseElement : unmanaged
    where TExpert : struct, IStorageFormat<TElement>
    where TElement : unmanaged
{
    /// <summary>Rows per block.</summary>
    public const int BlockRows = 64;

    private const int GroupSize = 128;

    public static readonly DeviceKernel<Args> Kernel = new(
        $"multi_dot_columns_{StorageFormats.Name<TBase>()}_{StorageFormats.Name<TExpert>()}", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Columns, GroupSize, args.Blocks), args);

    private static void Run(Args args)
    {
        int column = Grid.GlobalIndex.X;
        if (column >= args.Columns)
        {
            return;
        }

        for (int block = Grid.IdxY; block < args.Blocks; block += Grid.DimY)
        {
            int end = (block + 1) * BlockRows < args.Rows ? (block + 1) * BlockRows : args.Rows;
            float sum0 = 0;
            float sum1 = 0;
            float sum2 = 0;
            float sum3 = 0;
            float sum4 = 0;
            float sum5 = 0;
            float sum6 = 0;
            float sum7 = 0;
            for (int row = block * BlockRows; row < end; row++)
            {
                long i = ((long)row * args.Columns) + column;
                float gradient = args.Gradient[i];
                float center = args.HasBase * TBase.Load(args.Base, args.HasBase * i);
                sum0 += gradient * (TExpert.Load(args.Experts.E0, i) - center);

                if (args.Count > 1)
                {
                    sum1 += gradient * (TExpert.Load(args.Experts.E1, i) - center);
                }

                if (args.Count > 2)
                {
                    sum2 += gradient * (TExpert.Load(args.Experts.E2, i) - center);
                }

                if (args.Count > 3)
                {
                    sum3 += gradient * (TExpert.Load(args.Experts.E3, i) - center);
                }

                if (args.Count > 4)
                {
                    sum4 += gradient * (TExpert.Load(args.Experts.E4, i) - center);
                }

                if (args.Count > 5)
                {
                    sum5 += gradient * (TExpert.Load(args.Experts.E5, i) - center);
                }

                if (args.Count > 6)
                {
                    sum6 += gradient * (TExpert.Load(args.Experts.E6, i) - center);
                }

                if (args.Count > 7)
                {
                    sum7 += gradient * (TExpert.Load(args.Experts.E7, i) - center);
                }
            }

            Write(args, block, column, 0, sum0);

            if (args.Count > 1)
            {
                Write(args, block, column, 1, sum1);
            }

            if (args.Count > 2)
            {
                Write(args, block, column, 2, sum2);
            }

            if (args.Count > 3)
            {
                Write(args, block, column, 3, sum3);
            }

            if (args.Count > 4)
            {
                Write(args, block, column, 4, sum4);
            }

            if (args.Count > 5)
            {
                Write(args, block, column, 5, sum5);
            }

            if (args.Count > 6)
            {
                Write(args, block, column, 6, sum6);
            }

            if (args.Count > 7)
            {
                Write(args, block, column, 7, sum7);
            }
        }
    }

    private static void Write(Args args, int block, int column, int expert, float sum) =>
        args.Partials[((((long)column * args.Count) + expert) * args.Blocks) + block] = sum;

    internal struct Args
    {
        public ArrayView<float> Gradient;
        public ArrayView<TBaseElement> Base;
        public ExpertViews<TElement> Experts;

        /// <summary>[columns, experts of this launch, blocks].</summary>
        public ArrayView<float> Partials;
        public int Rows;
        public int Columns;
        public int Blocks;

        /// <summary>Experts of this launch.</summary>
        public int Count;
        public int HasBase;
    }
}
