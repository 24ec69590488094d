using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// x[r, c] = value, in any storage format. Bytes: those of x. One thread per element.
/// </summary>
internal static class FillKernel<TFormat, TElement>
    where TFormat : struct, IStorageFormat<TElement>
    where TElement : unmanaged
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("fill_" + StorageFormats.Name<TFormat>(), Run, GroupSize);

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
            TFormat.Store(args.X, ((long)row * args.XStride) + column, args.Value);
        }
    }

    internal struct Args
    {
        public ArrayView<TElement> X;
        public int XStride;
        public int Rows;
        public int Columns;
        public float Value;
    }
}
