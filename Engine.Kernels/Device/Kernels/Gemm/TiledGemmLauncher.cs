namespace Engine.Kernels.Device;

/// <summary>Picks the variant of the tiled product that fits tile, transposes and alignment.</summary>
internal static class TiledGemmLauncher
{
    /// <summary>Enqueues the kernel of a plan.</summary>
    /// <param name="launcher">Where.</param>
    /// <param name="plan">Which tile, how many slices.</param>
    /// <param name="args">Operands; A in F32.</param>
    /// <param name="stored">The format of B: F32 or BF16.</param>
    public static void Launch(IKernelLauncher launcher, in GemmPlan plan, in GemmKernelArgs args, DType stored)
    {
        if (args.A.DepthStep == 1)
        {
            if (args.A.IsAligned != 0)
            {
                WithA<DepthVectorLoader<Float32Format, float>>(launcher, plan, args, stored);
            }
            else
            {
                WithA<DepthScalarLoader<Float32Format, float>>(launcher, plan, args, stored);
            }
        }
        else if (args.A.IsAligned != 0)
        {
            WithA<RowVectorLoader<Float32Format, float>>(launcher, plan, args, stored);
        }
        else
        {
            WithA<RowScalarLoader<Float32Format, float>>(launcher, plan, args, stored);
        }
    }

    private static void WithA<TA>(IKernelLauncher launcher, in GemmPlan plan, in GemmKernelArgs args, DType stored)
        where TA : struct, IGemmLoader
    {
        if (stored == DType.BF16)
        {
            WithFormat<TA, BFloat16Format, ushort>(launcher, plan, args);
        }
        else
        {
            WithFormat<TA, Float32Format, float>(launcher, plan, args);
        }
    }

    private static void WithFormat<TA, TFormat, TElement>(IKernelLauncher launcher, in GemmPlan plan, in GemmKernelArgs args)
        where TA : struct, IGemmLoader
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged
    {
        if (args.B.DepthStep == 1)
        {
            if (args.B.IsAligned != 0)
            {
                WithOperands<TA, DepthVectorLoader<TFormat, TElement>>(launcher, plan, args);
            }
            else
            {
                WithOperands<TA, DepthScalarLoader<TFormat, TElement>>(launcher, plan, args);
            }
        }
        else if (args.B.IsAligned != 0)
        {
            WithOperands<TA, RowVectorLoader<TFormat, TElement>>(launcher, plan, args);
        }
        else
        {
            WithOperands<TA, RowScalarLoader<TFormat, TElement>>(launcher, plan, args);
        }
    }

    private static void WithOperands<TA, TB>(IKernelLauncher launcher, in GemmPlan plan, in GemmKernelArgs args)
        where TA : struct, IGemmLoader
        where TB : struct, IGemmLoader
    {
        switch (plan.Tile)
        {
            case GemmTileShape.Rows128Columns128:
                TiledGemmKernel<GemmTile128x128, TA, TB>.Launch(launcher, args, plan.Slices);
                break;
            case GemmTileShape.Rows128Columns64:
                TiledGemmKernel<GemmTile128x64, TA, TB>.Launch(launcher, args, plan.Slices);
                break;
            default:
                TiledGemmKernel<GemmTile64x64, TA, TB>.Launch(launcher, args, plan.Slices);
                break;
        }
    }
}
