using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// One block of rows of dgamma = sum over rows of dy * xhat and dbeta = sum over rows of dy, xhat = (x - mean) * rstd; the blocks are
/// summed by <see cref="ColumnSumKernel"/>. 5RC flops, 8RC bytes. One thread per column, one row of groups per block of rows.
/// </summary>
internal static class LayerNormParameterGradientKernel
{
    /// <summary>Rows per block. Depends on nothing, so that results do not either.</summary>
    public const int BlockRows = 32;

    private const int GroupSize = 128;

    public static readonly DeviceKernel<Args> Kernel = new("layer_norm_parameter_gradients", Run, GroupSize);

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
            float gamma = 0;
            float beta = 0;
            for (int row = block * BlockRows; row < end; row++)
            {
                float dy = args.OutputGradient[((long)row * args.OutputGradientStride) + column];
                float x = args.X[((long)row * args.XStride) + column];
                gamma += dy * ((x - args.Mean[row]) * args.ReciprocalDeviation[row]);
                beta += dy;
            }

            args.Partials[((long)block * 2 * args.Columns) + column] = gamma;
            args.Partials[((((long)block * 2) + 1) * args.Columns) + column] = beta;
        }
    }

    internal struct Args
    {
        public ArrayView<float> OutputGradient;
        public ArrayView<float> X;
        public ArrayView<float> Mean;
        public ArrayView<float> ReciprocalDeviation;

        /// <summary>[blocks, 2, C]: gamma's part, then beta's.</summary>
        public ArrayView<float> Partials;
        public int OutputGradientStride;
        public int XStride;
        public int Rows;
        public int Columns;
        public int Blocks;
    }
}
