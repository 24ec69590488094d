namespace Engine.Kernels.Device;

/// <summary>Picks the variant of the tiled product that fits tile, transposes and alignment.</summary>
internal static class TiledGemmLauncher
{
    /// <summary>Enqueues the kernel of a plan.</summary>
    public static void Launch(IKernelLauncher launcher, in GemmPlan plan, in GemmKernelArgs args)
    {
        if (args.A.DepthStep == 1)
        {
            if (args.A.IsAligned != 0)
            {
                WithA<DepthVectorLoader>(launcher, plan, args);
            }
            else
            {
                WithA<DepthScalarLoader>(launcher, plan, args);
            }
        }
        else if (args.A.IsAligned != 0)
        {
            WithA<RowVectorLoader>(launcher, plan, args);
        }
        else
        {
            WithA<RowScalarLoader>(launcher, plan, args);
        }
    }

    private static void WithA<TA>(IKernelLauncher launcher, in GemmPlan plan, in GemmKernelArgs args)
        where TA : struct, IGemmLoader
    {
        if (args.B.DepthStep == 1)
        {
            if (args.B.IsAligned != 0)
            {
                WithOperands<TA, DepthVectorLoader>(launcher, plan, args);
            }
            else
            {
                WithOperands<TA, DepthScalarLoader>(launcher, plan, args);
            }
        }
        else if (args.B.IsAligned != 0)
        {
            WithOperands<TA, RowVectorLoader>(launcher, plan, args);
        }
        else
        {
            WithOperands<TA, RowScalarLoader>(launcher, plan, args);
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
