using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// sums[indices[i]] += x[i] for all rows i in order, rows of C floats. RC flops, 4RC bytes read, and at most 8RC read and written. Without
/// atomics, so that sums are equal to the bit from run to run: one row of groups per i, of which the first with its index adds up all rows
/// of that index; the others find that they are not the first and stop. R^2 comparisons of indices per 256 columns, from the cache. Indices
/// outside the sums are left out.
/// </summary>
internal static class ScatterAddRowsKernel
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("scatter_add_rows", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Columns, GroupSize, args.Rows), args);

    private static void Run(Args args)
    {
        int column = Grid.GlobalIndex.X;
        if (column >= args.Columns)
        {
            return;
        }

        for (int row = Grid.IdxY; row < args.Rows; row += Grid.DimY)
        {
            int index = args.Indices[row];
            if (index >= 0 && index < args.SumRows && IsFirst(args, row, index))
            {
                long target = ((long)index * args.SumStride) + column;
                float sum = args.Sums[target];
                for (int other = row; other < args.Rows; other++)
                {
                    if (args.Indices[other] == index)
                    {
                        sum += args.X[((long)other * args.XStride) + column];
                    }
                }

                args.Sums[target] = sum;
            }
        }
    }

    private static bool IsFirst(Args args, int row, int index)
    {
        int earlier = 0;
        while (earlier < row && args.Indices[earlier] != index)
        {
            earlier++;
        }

        return earlier == row;
    }

    internal struct Args
    {
        public ArrayView<float> X;
        public ArrayView<int> Indices;
        public ArrayView<float> Sums;
        public int XStride;
        public int SumStride;
        public int SumRows;
        public int Rows;
        public int Columns;
    }
}
