using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// y[i] = x[indices[i]], rows of C floats. 8 bytes per element; one thread each. An index outside x gives NaN.
/// </summary>
internal static class GatherRowsKernel
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("gather_rows", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Columns, GroupSize, args.Rows), args);

    private static void Run(Args args)
    {
        int column = Grid.GlobalIndex.X;
        if (column >= args.Columns)
        {
            return;
        }

        for (int row = Grid.IdxY; row < args.Rows; row += Grid.DimY)
        {
            int index = args.Indices[row];
            bool isValid = index >= 0 && index < args.SourceRows;
            float value = args.X[((long)(isValid ? index : 0) * args.XStride) + column];
            args.Y[((long)row * args.YStride) + column] = isValid ? value : float.NaN;
        }
    }

    internal struct Args
    {
        public ArrayView<float> X;
        public ArrayView<int> Indices;
        public ArrayView<float> Y;
        public int XStride;
        public int YStride;
        public int SourceRows;
        public int Rows;
        public int Columns;
    }
}
