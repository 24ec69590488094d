using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// With xhat = (x - mean) * rstd and g = dy * gamma: dx = rstd * (g - mean(g) - xhat * mean(g * xhat)), row by row over [R, C].
/// About 14RC flops; 12RC bytes (16RC when accumulating). One group per row; dy and x come from the first-level cache the second time.
/// </summary>
internal static class LayerNormBackwardKernel<TReduction>
    where TReduction : struct, IGroupReduction
{
    public static readonly DeviceKernel<Args> Kernel = new("layer_norm_backward", Run, GroupReduction.Threads);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) => launcher.Launch(Kernel, new Index3D(args.Rows, 1, 1), args);

    private static void Run(Args args)
    {
        int row = Grid.IdxX;
        long x = (long)row * args.XStride;
        long dy = (long)row * args.OutputGradientStride;
        float mean = args.Mean[row];
        float reciprocalDeviation = args.ReciprocalDeviation[row];
        float sum = 0;
        float projection = 0;
        for (int column = Group.IdxX; column < args.Columns; column += GroupReduction.Threads)
        {
            float g = args.OutputGradient[dy + column] * args.Gamma[column];
            sum += g;
            projection += g * ((args.X[x + column] - mean) * reciprocalDeviation);
        }

        sum = TReduction.Sum(sum) / args.Columns;
        projection = TReduction.Sum(projection) / args.Columns;
        long dx = (long)row * args.InputGradientStride;
        for (int column = Group.IdxX; column < args.Columns; column += GroupReduction.Threads)
        {
            float g = args.OutputGradient[dy + column] * args.Gamma[column];
            float normalized = (args.X[x + column] - mean) * reciprocalDeviation;
            float gradient = reciprocalDeviation * (g - sum - (normalized * projection));
            args.InputGradient[dx + column] = args.Accumulate != 0 ? args.InputGradient[dx + column] + gradient : gradient;
        }
    }

    internal struct Args
    {
        public ArrayView<float> OutputGradient;
        public ArrayView<float> X;
        public ArrayView<float> Gamma;
        public ArrayView<float> Mean;
        public ArrayView<float> ReciprocalDeviation;
        public ArrayView<float> InputGradient;
        public int OutputGradientStride;
        public int XStride;
        public int InputGradientStride;
        public int Rows;
        public int Columns;
        public int Accumulate;
    }
}
