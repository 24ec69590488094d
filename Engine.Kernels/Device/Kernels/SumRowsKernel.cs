using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// y[block, j] = sum of x[i, j] over the <see cref="BlockRows"/> rows i of a block; <see cref="ColumnSumKernel"/> then sums the blocks. MN
/// flops,
/// 4MN bytes. A group takes 32 columns of a block: each of its warps reads every eighth row, 128 bytes at a time, four rows on
/// their way at once.
/// </summary>
internal static class SumRowsKernel
{
    /// <summary>Rows per block. Depends on nothing, so that results do not either.</summary>
    public const int BlockRows = 128;

    private const int GroupSize = 256;
    private const int GroupColumns = 32;
    private const int Lanes = GroupSize / GroupColumns;

    public static readonly DeviceKernel<Args> Kernel = new("sum_rows", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Columns, GroupColumns, args.Blocks), args);

    private static void Run(Args args)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(GroupSize);
        int lane = Group.IdxX / GroupColumns;
        int column = (Grid.IdxX * GroupColumns) + (Group.IdxX % GroupColumns);
        for (int block = Grid.IdxY; block < args.Blocks; block += Grid.DimY)
        {
            int end = IntrinsicMath.Min(args.Rows, (block + 1) * BlockRows);
            shared[Group.IdxX] = column < args.Columns ? SumOfLane(args, column, (block * BlockRows) + lane, end) : 0;
            Group.Barrier();
            if (lane == 0 && column < args.Columns)
            {
                float sum = 0;
                for (int other = 0; other < Lanes; other++)
                {
                    sum += shared[(other * GroupColumns) + Group.IdxX];
                }

                args.Y[((long)block * args.Columns) + column] = sum;
            }

            Group.Barrier();
        }
    }

    private static float SumOfLane(Args args, int column, int row, int end)
    {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        long at = ((long)row * args.XStride) + column;
        long step = (long)Lanes * args.XStride;
        for (; row + (3 * Lanes) < end; row += 4 * Lanes)
        {
            sum0 += args.X[at];
            sum1 += args.X[at + step];
            sum2 += args.X[at + (2 * step)];
            sum3 += args.X[at + (3 * step)];
            at += 4 * step;
        }

        for (; row < end; row += Lanes)
        {
            sum0 += args.X[at];
            at += step;
        }

        return sum0 + sum1 + (sum2 + sum3);
    }

    internal struct Args
    {
        public ArrayView<float> X;

        /// <summary>[blocks, columns].</summary>
        public ArrayView<float> Y;
        public int XStride;
        public int Rows;
        public int Columns;
        public int Blocks;
    }
}
