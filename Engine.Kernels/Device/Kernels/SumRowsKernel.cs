using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// y[block, j] = sum of x[i, j] over the <see cref="SumRowsKernelArgs.BlockRows"/> rows i of a block;
/// <see cref="ColumnSumKernel"/> then sums the blocks. MN flops, 4MN bytes. A group takes 32 columns of a block, or 32 vectors of four
/// where rows are aligned: each of its warps reads every eighth row, four rows on their way at once.
/// </summary>
internal static class SumRowsKernel<TAccess>
    where TAccess : struct, IElementAccess
{
    private const int GroupSize = 256;
    private const int GroupColumns = 32;
    private const int Lanes = GroupSize / GroupColumns;

    public static readonly DeviceKernel<SumRowsKernelArgs> Kernel = new("sum_rows" + TAccess.Suffix, Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in SumRowsKernelArgs args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Columns / TAccess.Width, GroupColumns, args.Blocks), args);

    private static void Run(SumRowsKernelArgs args)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(GroupSize * Float4.Width);
        int columns = args.Columns / TAccess.Width;
        int lane = Group.IdxX / GroupColumns;
        int column = (Grid.IdxX * GroupColumns) + (Group.IdxX % GroupColumns);
        for (int block = Grid.IdxY; block < args.Blocks; block += Grid.DimY)
        {
            int end = IntrinsicMath.Min(args.Rows, (block + 1) * SumRowsKernelArgs.BlockRows);
            if (column < columns)
            {
                TAccess.Store(shared, Group.IdxX, SumOfLane(args, column, (block * SumRowsKernelArgs.BlockRows) + lane, end));
            }

            Group.Barrier();
            if (lane == 0 && column < columns)
            {
                Float4 sum = default;
                for (int other = 0; other < Lanes; other++)
                {
                    sum = Float4.Add(sum, TAccess.Load(shared, (other * GroupColumns) + Group.IdxX));
                }

                TAccess.Store(args.Y, ((long)block * columns) + column, sum);
            }

            Group.Barrier();
        }
    }

    private static Float4 SumOfLane(SumRowsKernelArgs args, int column, int row, int end)
    {
        Float4 sum0 = default;
        Float4 sum1 = default;
        Float4 sum2 = default;
        Float4 sum3 = default;
        int stride = args.XStride / TAccess.Width;
        long at = ((long)row * stride) + column;
        long step = (long)Lanes * stride;
        for (; row + (3 * Lanes) < end; row += 4 * Lanes)
        {
            sum0 = Float4.Add(sum0, TAccess.Load(args.X, at));
            sum1 = Float4.Add(sum1, TAccess.Load(args.X, at + step));
            sum2 = Float4.Add(sum2, TAccess.Load(args.X, at + (2 * step)));
            sum3 = Float4.Add(sum3, TAccess.Load(args.X, at + (3 * step)));
            at += 4 * step;
        }

        for (; row < end; row += Lanes)
        {
            sum0 = Float4.Add(sum0, TAccess.Load(args.X, at));
            at += step;
        }

        return Float4.Add(Float4.Add(sum0, sum1), Float4.Add(sum2, sum3));
    }
}
