using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// sums[t, j] = (sums[t, j] +) sum over samples b of x[b, t, j], for the first tokens t: the gradient of what all samples share. One flop
/// and 4 bytes per element of x; one thread per element of sums: with four there would be too few threads to wait for memory with.
/// </summary>
internal static class BatchSumKernel
{
    private const int GroupSize = 128;

    public static readonly DeviceKernel<Args> Kernel = new("batch_sum", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Columns, GroupSize, args.SummedTokens), args);

    private static void Run(Args args)
    {
        int column = Grid.GlobalIndex.X;
        if (column >= args.Columns)
        {
            return;
        }

        for (int token = Grid.IdxY; token < args.SummedTokens; token += Grid.DimY)
        {
            long target = ((long)token * args.SumStride) + column;
            float sum = 0;
            for (int sample = 0; sample < args.Samples; sample++)
            {
                sum += args.X[((((long)sample * args.Tokens) + token) * args.XStride) + column];
            }

            args.Sums[target] = args.Accumulate != 0 ? args.Sums[target] + sum : sum;
        }
    }

    internal struct Args
    {
        public ArrayView<float> X;
        public ArrayView<float> Sums;
        public int XStride;
        public int SumStride;
        public int Samples;

        /// <summary>Rows of x per sample.</summary>
        public int Tokens;

        /// <summary>Rows of sums.</summary>
        public int SummedTokens;
        public int Columns;
        public int Accumulate;
    }
}
