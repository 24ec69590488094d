using Engine.Kernels.Device;
using ILGPU;

namespace Engine.Bench;

/// <summary>
/// C = epilogue(op(A) op(B)), one thread per element, straight from the formula. 2MNK flops and, as far as no cache helps, 8MNK bytes.
/// The first rung of the ladder naive, <see cref="SharedTileGemmKernel"/>, <see cref="TiledGemmKernel{TTile, TA, TB}"/>; the engine uses
/// the last.
/// </summary>
internal static class NaiveGemmKernel
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<GemmKernelArgs> Kernel = new("gemm_naive", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in GemmKernelArgs args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.B.Rows, GroupSize, args.A.Rows), args);

    private static void Run(GemmKernelArgs args)
    {
        int column = Grid.GlobalIndex.X;
        if (column >= args.B.Rows)
        {
            return;
        }

        for (int row = Grid.IdxY; row < args.A.Rows; row += Grid.DimY)
        {
            long a = (long)row * args.A.RowStep;
            long b = (long)column * args.B.RowStep;
            float sum = 0;
            for (int k = 0; k < args.Depth; k++)
            {
                sum += args.A.Bytes.Cast<float>()[a] * args.B.Bytes.Cast<float>()[b];
                a += args.A.DepthStep;
                b += args.B.DepthStep;
            }

            GemmEpilogue.ApplyToOne(args.Epilogue, row, column, sum);
        }
    }
}
