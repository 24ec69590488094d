using ILGPU;
using ILGPU.Algorithms;

namespace Engine.Kernels.Device;

/// <summary>
/// y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, row by row over [R, C]. About 8RC flops; 8RC bytes from memory: x is read
/// three
/// times, from the first-level cache after the first. One group per row; variance from the differences, so that nothing cancels.
/// </summary>
internal static class LayerNormKernel<TReduction>
    where TReduction : struct, IGroupReduction
{
    public static readonly DeviceKernel<Args> Kernel = new("layer_norm", Run, GroupReduction.Threads);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) => launcher.Launch(Kernel, new Index3D(args.Rows, 1, 1), args);

    private static void Run(Args args)
    {
        int row = Grid.IdxX;
        long x = (long)row * args.XStride;
        float sum = 0;
        for (int column = Group.IdxX; column < args.Columns; column += GroupReduction.Threads)
        {
            sum += args.X[x + column];
        }

        float mean = TReduction.Sum(sum) / args.Columns;
        float squares = 0;
        for (int column = Group.IdxX; column < args.Columns; column += GroupReduction.Threads)
        {
            float difference = args.X[x + column] - mean;
            squares += difference * difference;
        }

        float reciprocalDeviation = 1 / XMath.Sqrt((TReduction.Sum(squares) / args.Columns) + args.Epsilon);
        long y = (long)row * args.YStride;
        for (int column = Group.IdxX; column < args.Columns; column += GroupReduction.Threads)
        {
            float normalized = (args.X[x + column] - mean) * reciprocalDeviation;
            args.Y[y + column] = (normalized * args.Gamma[column]) + args.Beta[column];
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
