using ILGPU;
using ILGPU.Algorithms;

namespace Engine.Kernels.Device;

/// <summary>
/// y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, row by row over [R, C]. About 8RC flops; 8RC bytes from memory: x is read
/// three times, from the first-level cache after the first. One group per row, sixteen bytes per load where rows are aligned; variance from
/// the differences, so that nothing cancels.
/// </summary>
internal static class LayerNormKernel<TReduction, TAccess>
    where TReduction : struct, IGroupReduction
    where TAccess : struct, IElementAccess
{
    public static readonly DeviceKernel<Args> Kernel = new("layer_norm" + TAccess.Suffix, Run, GroupReduction.Threads);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) => launcher.Launch(Kernel, new Index3D(args.Rows, 1, 1), args);

    private static void Run(Args args)
    {
        int row = Grid.IdxX;
        int vectors = args.Columns / TAccess.Width;
        long x = (long)row * (args.XStride / TAccess.Width);
        Float4 sum = default;
        for (int vector = Group.IdxX; vector < vectors; vector += GroupReduction.Threads)
        {
            sum = Float4.Add(sum, TAccess.Load(args.X, x + vector));
        }

        float mean = TReduction.Sum(TAccess.Sum(sum)) / args.Columns;
        Float4 squares = default;
        for (int vector = Group.IdxX; vector < vectors; vector += GroupReduction.Threads)
        {
            Float4 difference = Float4.Subtract(TAccess.Load(args.X, x + vector), Float4.Broadcast(mean));
            squares = Float4.Add(squares, Float4.Multiply(difference, difference));
        }

        float reciprocalDeviation = 1 / XMath.Sqrt((TReduction.Sum(TAccess.Sum(squares)) / args.Columns) + args.Epsilon);
        long y = (long)row * (args.YStride / TAccess.Width);
        for (int vector = Group.IdxX; vector < vectors; vector += GroupReduction.Threads)
        {
            Float4 difference = Float4.Subtract(TAccess.Load(args.X, x + vector), Float4.Broadcast(mean));
            Float4 normalized = Float4.Multiply(difference, Float4.Broadcast(reciprocalDeviation));
            Float4 scaled = Float4.Multiply(normalized, TAccess.Load(args.Gamma, vector));
            TAccess.Store(args.Y, y + vector, Float4.Add(scaled, TAccess.Load(args.Beta, vector)));
        }

        if (args.KeepsStatistics != 0 && Group.IdxX == 0)
        {
            args.Mean[row] = mean;
            args.ReciprocalDeviation[row] = reciprocalDeviation;
        }
    }

    internal struct Args
    {
        public ArrayView<float> X;
        public ArrayView<float> Gamma;
        public ArrayView<float> Beta;
        public ArrayView<float> Y;
        public ArrayView<float> Mean;
        public ArrayView<float> ReciprocalDeviation;
        public int XStride;
        public int YStride;
        public int Rows;
        public int Columns;
        public int KeepsStatistics;
        public float Epsilon;
    }
}
