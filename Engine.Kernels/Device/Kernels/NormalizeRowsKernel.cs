using ILGPU;
using ILGPU.Algorithms;

namespace Engine.Kernels.Device;

/// <summary>
/// y = x / |x|_2, norms = |x|_2, row by row over [R, C]; a row of zeros stays zero. 3RC flops, 8RC bytes. One group per row,
/// sixteen bytes per load where rows are aligned.
/// </summary>
internal static class NormalizeRowsKernel<TReduction, TAccess>
    where TReduction : struct, IGroupReduction
    where TAccess : struct, IElementAccess
{
    public static readonly DeviceKernel<Args> Kernel = new("normalize_rows" + TAccess.Suffix, Run, GroupReduction.Threads);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) => launcher.Launch(Kernel, new Index3D(args.Rows, 1, 1), args);

    private static void Run(Args args)
    {
        int vectors = args.Columns / TAccess.Width;
        long x = (long)Grid.IdxX * (args.XStride / TAccess.Width);
        long y = (long)Grid.IdxX * (args.YStride / TAccess.Width);
        Float4 squares = default;
        for (int vector = Group.IdxX; vector < vectors; vector += GroupReduction.Threads)
        {
            Float4 value = TAccess.Load(args.X, x + vector);
            squares = Float4.Add(squares, Float4.Multiply(value, value));
        }

        float norm = XMath.Sqrt(TReduction.Sum(TAccess.Sum(squares)));
        float scale = norm == 0 ? 0 : 1 / norm;
        for (int vector = Group.IdxX; vector < vectors; vector += GroupReduction.Threads)
        {
            TAccess.Store(
                args.Y, y + vector, Float4.Multiply(TAccess.Load(args.X, x + vector), Float4.Broadcast(scale)));
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
