using Engine.Kernels.Device;
using ILGPU;

namespace Engine.Bench;

/// <summary>
/// C = epilogue(op(A) op(B)) through tiles of 16 x 16 in shared memory, one thread per element: every element that comes from memory is
/// used 16 times, so MNK / 2 bytes; but each multiplication still reads two floats of shared memory, which is the limit.
/// The second rung of the ladder <see cref="NaiveGemmKernel"/>, shared tiles, <see cref="TiledGemmKernel{TTile, TA, TB}"/>; the engine
/// uses the last.
/// </summary>
internal static class SharedTileGemmKernel
{
    private const int Side = 16;

    public static readonly DeviceKernel<GemmKernelArgs> Kernel = new("gemm_shared_tiles", Run, Side * Side);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in GemmKernelArgs args) =>
        launcher.Launch(Kernel, new Index3D(Tiles(args.A.Rows) * Tiles(args.B.Rows), 1, 1), args);

    private static int Tiles(int length) => (length + Side - 1) / Side;

    private static void Run(GemmKernelArgs args)
    {
        ArrayView<float> sharedA = SharedMemory.Allocate<float>(Side * Side);
        ArrayView<float> sharedB = SharedMemory.Allocate<float>(Side * Side);
        int x = Group.IdxX % Side;
        int y = Group.IdxX / Side;
        int firstRow = Grid.IdxX / Tiles(args.B.Rows) * Side;
        int firstColumn = Grid.IdxX % Tiles(args.B.Rows) * Side;
        float sum = 0;
        for (int first = 0; first < args.Depth; first += Side)
        {
            sharedA[Group.IdxX] = Element(args.A, firstRow + y, first + x, args.Depth);
            sharedB[Group.IdxX] = Element(args.B, firstColumn + x, first + y, args.Depth);
            Group.Barrier();
            for (int k = 0; k < Side; k++)
            {
                sum += sharedA[(y * Side) + k] * sharedB[(k * Side) + x];
            }

            Group.Barrier();
        }

        if (firstRow + y < args.A.Rows && firstColumn + x < args.B.Rows)
        {
            GemmEpilogue.ApplyToOne(args.Epilogue, firstRow + y, firstColumn + x, sum);
        }
    }

    private static float Element(GemmOperand operand, int row, int k, int depth)
    {
        float element = 0;
        if (row < operand.Rows && k < depth)
        {
            element = operand.Bytes.Cast<float>()[((long)row * operand.RowStep) + ((long)k * operand.DepthStep)];
        }

        return element;
    }
}
