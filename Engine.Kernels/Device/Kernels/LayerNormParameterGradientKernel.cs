using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// One block of rows of dgamma = sum over rows of dy * xhat and dbeta = sum over rows of dy, xhat = (x - mean) * rstd; the blocks are
/// summed by <see cref="ColumnSumKernel"/>. 5RC flops, 8RC bytes. A group takes 32 columns of a block, or 32 vectors of four where rows are
/// aligned: each of its warps takes every eighth row.
/// </summary>
internal static class LayerNormParameterGradientKernel<TAccess>
    where TAccess : struct, IElementAccess
{
    private const int GroupSize = 256;
    private const int GroupColumns = 32;
    private const int Lanes = GroupSize / GroupColumns;

    public static readonly DeviceKernel<LayerNormParameterGradientArgs> Kernel = new(
        "layer_norm_parameter_gradients" + TAccess.Suffix, Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in LayerNormParameterGradientArgs args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Columns / TAccess.Width, GroupColumns, args.Blocks), args);

    private static void Run(LayerNormParameterGradientArgs args)
    {
        ArrayView<float> gammas = SharedMemory.Allocate<float>(GroupSize * Float4.Width);
        ArrayView<float> betas = SharedMemory.Allocate<float>(GroupSize * Float4.Width);
        int columns = args.Columns / TAccess.Width;
        int lane = Group.IdxX / GroupColumns;
        int column = (Grid.IdxX * GroupColumns) + (Group.IdxX % GroupColumns);
        for (int block = Grid.IdxY; block < args.Blocks; block += Grid.DimY)
        {
            if (column < columns)
            {
                int end = IntrinsicMath.Min(args.Rows, (block + 1) * LayerNormParameterGradientArgs.BlockRows);
                Float4 gamma = default;
                Float4 beta = default;
                for (int row = (block * LayerNormParameterGradientArgs.BlockRows) + lane; row < end; row += Lanes)
                {
                    Float4 dy = TAccess.Load(
                        args.OutputGradient, ((long)row * (args.OutputGradientStride / TAccess.Width)) + column);
                    Float4 x = TAccess.Load(args.X, ((long)row * (args.XStride / TAccess.Width)) + column);
                    Float4 difference = Float4.Subtract(x, Float4.Broadcast(args.Mean[row]));
                    gamma = Float4.Add(
                        gamma, Float4.Multiply(dy, Float4.Multiply(difference, Float4.Broadcast(args.ReciprocalDeviation[row]))));
                    beta = Float4.Add(beta, dy);
                }

                TAccess.Store(gammas, Group.IdxX, gamma);
                TAccess.Store(betas, Group.IdxX, beta);
            }

            Group.Barrier();
            if (lane == 0 && column < columns)
            {
                long target = ((long)block * 2 * columns) + column;
                TAccess.Store(args.Partials, target, SumOfLanes(gammas));
                TAccess.Store(args.Partials, target + columns, SumOfLanes(betas));
            }

            Group.Barrier();
        }
    }

    private static Float4 SumOfLanes(ArrayView<float> parts)
    {
        Float4 sum = default;
        for (int lane = 0; lane < Lanes; lane++)
        {
            sum = Float4.Add(sum, TAccess.Load(parts, (lane * GroupColumns) + Group.IdxX));
        }

        return sum;
    }
}
