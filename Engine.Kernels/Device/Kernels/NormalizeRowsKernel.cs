using ILGPU;
using ILGPU.Algorithms;

namespace Engine.Kernels.Device;

/// <summary>
/// y = x / |x|_2, norms = |x|_2, row by row over [R, C]; a row of zeros stays zero. 3RC flops, 8RC bytes. One group per row.
/// </summary>
internal static class NormalizeRowsKernel<TReduction>
    where TReduction : struct, IGroupReduction
{
    public static readonly DeviceKernel<Args> Kernel = new("normalize_rows", Run, GroupReduction.Threads);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) => launcher.Launch(Kernel, new Index3D(args.Rows, 1, 1), args);

    private static void Run(Args args)
    {
        long x = (long)Grid.IdxX * args.XStride;
        long y = (long)Grid.IdxX * args.YStride;
        float squares = 0;
        for (int column = Group.IdxX; column < args.Columns; column += GroupReduction.Threads)
        {
            squares += args.X[x + column] * args.X[x + column];
        }

        float norm = XMath.Sqrt(TReduction.Sum(squares));
        float scale = norm == 0 ? 0 : 1 / norm;
        for (int column = Group.IdxX; column < args.Columns; column += GroupReduction.Threads)
        {
            args.Y[y + column] = args.X[x + column] * scale;
        }

        if (Group.IdxX == 0)
        {
            args.Norms[Grid.IdxX] = norm;
        }
    }

    internal struct Args
    {
        public ArrayView<float> X;
        public ArrayView<float> Y;
        public ArrayView<float> Norms;
        public int XStride;
        public int YStride;
        public int Rows;
        public int Columns;
    }
}
