using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// dx = (dy - y (y . dy)) / |x|_2, row by row over [R, C]; zero where the norm is zero. 5RC flops, 12RC bytes. One group per row,
/// sixteen bytes per load where rows are aligned.
/// </summary>
internal static class NormalizeRowsBackwardKernel<TReduction, TAccess>
    where TReduction : struct, IGroupReduction
    where TAccess : struct, IElementAccess
{
    public static readonly DeviceKernel<Args> Kernel = new("normalize_rows_backward" + TAccess.Suffix, Run, GroupReduction.Threads);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) => launcher.Launch(Kernel, new Index3D(args.Rows, 1, 1), args);

    private static void Run(Args args)
    {
        int vectors = args.Columns / TAccess.Width;
        long dy = (long)Grid.IdxX * (args.OutputGradientStride / TAccess.Width);
        long y = (long)Grid.IdxX * (args.YStride / TAccess.Width);
        long dx = (long)Grid.IdxX * (args.InputGradientStride / TAccess.Width);
        Float4 products = default;
        for (int vector = Group.IdxX; vector < vectors; vector += GroupReduction.Threads)
        {
            products = Float4.Add(
                products, Float4.Multiply(TAccess.Load(args.Y, y + vector), TAccess.Load(args.OutputGradient, dy + vector)));
        }

        float projection = TReduction.Sum(TAccess.Sum(products));
        float norm = args.Norms[Grid.IdxX];
        float scale = norm == 0 ? 0 : 1 / norm;
        for (int vector = Group.IdxX; vector < vectors; vector += GroupReduction.Threads)
        {
            Float4 difference = Float4.AddScaled(
                TAccess.Load(args.OutputGradient, dy + vector), -projection, TAccess.Load(args.Y, y + vector));
            TAccess.Store(args.InputGradient, dx + vector, Float4.Multiply(difference, Float4.Broadcast(scale)));
        }
    }

    internal struct Args
    {
        public ArrayView<float> OutputGradient;
        public ArrayView<float> Y;
        public ArrayView<float> Norms;
        public ArrayView<float> InputGradient;
        public int OutputGradientStride;
        public int YStride;
        public int InputGradientStride;
        public int Rows;
        public int Columns;
    }
}
