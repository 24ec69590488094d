using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// y[j] = (y[j] +) sum over blocks of x[block, j], block after block: the second pass of sums whose first pass left one row per block.
/// One flop and 4 bytes per element of x; one thread per column.
/// </summary>
internal static class ColumnSumKernel
{
    private const int GroupSize = 128;

    public static readonly DeviceKernel<Args> Kernel = new("column_sum", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Columns, GroupSize), args);

    private static void Run(Args args)
    {
        int column = Grid.GlobalIndex.X;
        if (column >= args.Columns)
        {
            return;
        }

        float sum = 0;
        for (int block = 0; block < args.Blocks; block++)
        {
            sum += args.X[((long)block * args.XStride) + column];
        }

        args.Y[column] = args.Accumulate != 0 ? args.Y[column] + sum : sum;
    }

    internal struct Args
    {
        public ArrayView<float> X;
        public ArrayView<float> Y;
        public int XStride;
        public int Blocks;
        public int Columns;
        public int Accumulate;
    }
}
