using ILGPU;


namespace Engine.Kernels.Device;

/// <summary>
/// y[r, c] = x[r, c], converted from one storage format to another. Bytes: those of x and of y. One thread per element.
/// </summary>
internal static class CopyKernel<TFrom, TFromElement, TTo, TToElement>
    where TFrom : struct, IStorageFormat<TFromElement>
    where TFromElement : unmanaged
    where TTo : struct, IStorageFormat<TToElement>
    where TToElement : unmanaged
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new(
        $"copy_{StorageFormats.Name<TFrom>()}_{StorageFormats.Name<TTo>()}", Run, GroupSize);

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
            float value = TFrom.Load(args.X, ((long)row * args.XStride) + column);
            TTo.Store(args.Y, ((long)row * args.YStride) + column, value);
        }
    }

    internal struct Args
    {
        public ArrayView<TFromElement> X;
        public ArrayView<TToElement> Y;
        public int XStride;
        public int YStride;
        public int Rows;
        public int Columns;
    }
}
