using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// C = epilogue(sum over slices of partial[slice, M, N], slice after slice): the second pass of a product whose k was cut.
/// SMN flops; 4(S + 1)MN bytes, those of the slices mostly from the second-level cache. Four columns of one row per thread.
/// </summary>
internal static class GemmSliceSumKernel
{
    private const int GroupSize = 128;

    public static readonly DeviceKernel<Args> Kernel = new("gemm_slice_sum", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Stride / Float4.Width, GroupSize, args.Rows), args);

    private static void Run(Args args)
    {
        int column = Grid.GlobalIndex.X * Float4.Width;
        if (column >= args.Stride)
        {
            return;
        }

        for (int row = Grid.IdxY; row < args.Rows; row += Grid.DimY)
        {
            Float4 sums = default;
            for (int slice = 0; slice < args.Slices; slice++)
            {
                long first = (slice * args.SliceElements) + ((long)row * args.Stride) + column;
                sums = Float4.Add(sums, Float4.Load(args.Partials, first / Float4.Width));
            }

            GemmEpilogue.Apply(args.Epilogue, 0, row, column, sums);
        }
    }

    internal struct Args
    {
        /// <summary>[slices, rows, stride].</summary>
        public ArrayView<float> Partials;
        public GemmEpilogue Epilogue;

        /// <summary>N, rounded up to whole <see cref="Float4"/>.</summary>
        public int Stride;
        public int Rows;
        public int Slices;
        public long SliceElements;
    }
}
