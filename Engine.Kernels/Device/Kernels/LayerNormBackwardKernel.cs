using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// With xhat = (x - mean) * rstd and g = dy * gamma: dx = rstd * (g - mean(g) - xhat * mean(g * xhat)), row by row over [R, C].
/// About 14RC flops; 12RC bytes (16RC when accumulating). One group per row, sixteen bytes per load where rows are
/// aligned; dy and x come from the first-level cache the second time.
/// </summary>
internal static class LayerNormBackwardKernel<TReduction, TAccess>
    where TReduction : struct, IGroupReduction
    where TAccess : struct, IElementAccess
{
    public static readonly DeviceKernel<Args> Kernel = new("layer_norm_backward" + TAccess.Suffix, Run, GroupReduction.Threads);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) => launcher.Launch(Kernel, new Index3D(args.Rows, 1, 1), args);

    private static void Run(Args args)
    {
        int row = Grid.IdxX;
        int vectors = args.Columns / TAccess.Width;
        long x = (long)row * (args.XStride / TAccess.Width);
        long dy = (long)row * (args.OutputGradientStride / TAccess.Width);
        float mean = args.Mean[row];
        float reciprocalDeviation = args.ReciprocalDeviation[row];
        Float4 sums = default;
        Float4 projections = default;
        for (int vector = Group.IdxX; vector < vectors; vector += GroupReduction.Threads)
        {
            Float4 g = Float4.Multiply(TAccess.Load(args.OutputGradient, dy + vector), TAccess.Load(args.Gamma, vector));
            sums = Float4.Add(sums, g);
            projections = Float4.Add(
                projections, Float4.Multiply(g, Normalized(TAccess.Load(args.X, x + vector), mean, reciprocalDeviation)));
        }

        float sum = TReduction.Sum(TAccess.Sum(sums)) / args.Columns;
        float projection = TReduction.Sum(TAccess.Sum(projections)) / args.Columns;
        long dx = (long)row * (args.InputGradientStride / TAccess.Width);
        for (int vector = Group.IdxX; vector < vectors; vector += GroupReduction.Threads)
        {
            Float4 g = Float4.Multiply(TAccess.Load(args.OutputGradient, dy + vector), TAccess.Load(args.Gamma, vector));
            Float4 normalized = Normalized(TAccess.Load(args.X, x + vector), mean, reciprocalDeviation);
            Float4 difference = Float4.AddScaled(Float4.Subtract(g, Float4.Broadcast(sum)), -projection, normalized);
            Float4 gradient = Float4.Multiply(Float4.Broadcast(reciprocalDeviation), difference);
            if (args.Accumulate != 0)
            {
                gradient = Float4.Add(TAccess.Load(args.InputGradient, dx + vector), gradient);
            }

            TAccess.Store(args.InputGradient, dx + vector, gradient);
        }
    }

    private static Float4 Normalized(Float4 x, float mean, float reciprocalDeviation) =>
        Float4.Multiply(Float4.Subtract(x, Float4.Broadcast(mean)), Float4.Broadcast(reciprocalDeviation));

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
