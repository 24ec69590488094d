using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// y[i] = x[indices[i]], rows of C floats. 8 bytes per element, sixteen bytes per load where rows are aligned. An index outside x
/// gives NaN.
/// </summary>
internal static class GatherRowsKernel<TAccess>
    where TAccess : struct, IElementAccess
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("gather_rows" + TAccess.Suffix, Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Columns / TAccess.Width, GroupSize, args.Rows), args);

    private static void Run(Args args)
    {
        int vector = Grid.GlobalIndex.X;
        if (vector >= args.Columns / TAccess.Width)
        {
            return;
        }

        for (int row = Grid.IdxY; row < args.Rows; row += Grid.DimY)
        {
            int index = args.Indices[row];
            bool isValid = index >= 0 && index < args.SourceRows;
            Float4 value = TAccess.Load(args.X, ((long)(isValid ? index : 0) * (args.XStride / TAccess.Width)) + vector);
            TAccess.Store(
                args.Y, ((long)row * (args.YStride / TAccess.Width)) + vector, isValid ? value : Float4.Broadcast(float.NaN));
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
