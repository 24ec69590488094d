using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// dx = (dy - y (y . dy)) / |x|_2, row by row over [R, C]; zero where the norm is zero. 5RC flops, 12RC bytes. One group per row.
/// </summary>
internal static class NormalizeRowsBackwardKernel<TReduction>
    where TReduction : struct, IGroupReduction
{
    public static readonly DeviceKernel<Args> Kernel = new("normalize_rows_backward", Run, GroupReduction.Threads);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) => launcher.Launch(Kernel, new Index3D(args.Rows, 1, 1), args);

    private static void Run(Args args)
    {
        long dy = (long)Grid.IdxX * args.OutputGradientStride;
        long y = (long)Grid.IdxX * args.YStride;
        long dx = (long)Grid.IdxX * args.InputGradientStride;
        float projection = 0;
        for (int column = Group.IdxX; column < args.Columns; column += GroupReduction.Threads)
        {
            projection += args.Y[y + column] * args.OutputGradient[dy + column];
        }

        projection = TReduction.Sum(projection);
        float norm = args.Norms[Grid.IdxX];
        float scale = norm == 0 ? 0 : 1 / norm;
        for (int column = Group.IdxX; column < args.Columns; column += GroupReduction.Threads)
        {
            args.InputGradient[dx + column] = (args.OutputGradient[dy + column] - (args.Y[y + column] * projection)) * scale;
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
