using ILGPU.Runtime;

namespace Engine.Kernels.Device;

/// <summary>Picks the variant of the product on tensor cores that fits format, tile and transposes.</summary>
internal static class TensorGemmLauncher
{
    /// <summary>Enqueues the kernel of a plan.</summary>
    /// <param name="launcher">Where.</param>
    /// <param name="plan">Which precision and tile, how many slices.</param>
    /// <param name="args">Operands, both in the plan's format; matrices begin at, and have row strides of, multiples of 16 bytes.</param>
    public static void Launch(IKernelLauncher launcher, in GemmPlan plan, in GemmKernelArgs args)
    {
        TensorGemmArgs addressed = new()
        {
            Product = args,
            AddressA = args.A.Bytes.LoadEffectiveAddressAsPtr(),
            AddressB = args.B.Bytes.LoadEffectiveAddressAsPtr(),
        };
        bool isBFloat16 = plan.Precision == Precision.BFloat16;
        switch (plan.Tile)
        {
            case GemmTileShape.Rows128Columns256 when isBFloat16:
                WithTile<BFloat16Tensor, BFloat16Tile128x256>(launcher, addressed, plan.Slices);
                break;
            case GemmTileShape.Rows128Columns128 when isBFloat16:
                WithTile<BFloat16Tensor, BFloat16Tile128x128>(launcher, addressed, plan.Slices);
                break;
            case GemmTileShape.Rows128Columns64 when isBFloat16:
                WithTile<BFloat16Tensor, BFloat16Tile128x64>(launcher, addressed, plan.Slices);
                break;
            case GemmTileShape.Rows64Columns64 when isBFloat16:
                WithTile<BFloat16Tensor, BFloat16Tile64x64>(launcher, addressed, plan.Slices);
                break;
            case GemmTileShape.Rows128Columns256:
                WithTile<TensorFloat32Tensor, TensorFloat32Tile128x256>(launcher, addressed, plan.Slices);
                break;
            case GemmTileShape.Rows128Columns128:
                WithTile<TensorFloat32Tensor, TensorFloat32Tile128x128>(launcher, addressed, plan.Slices);
                break;
            case GemmTileShape.Rows128Columns64:
                WithTile<TensorFloat32Tensor, TensorFloat32Tile128x64>(launcher, addressed, plan.Slices);
                break;
            default:
                WithTile<TensorFloat32Tensor, TensorFloat32Tile64x64>(launcher, addressed, plan.Slices);
                break;
        }
    }

    private static void WithTile<TFormat, TTile>(IKernelLauncher launcher, in TensorGemmArgs args, int slices)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>
    {
        if (args.Product.A.DepthStep == 1)
        {
            WithA<TFormat, TTile, DepthTensorLayout>(launcher, args, slices);
        }
        else
        {
            WithA<TFormat, TTile, RowTensorLayout>(launcher, args, slices);
        }
    }

    private static void WithA<TFormat, TTile, TA>(IKernelLauncher launcher, in TensorGemmArgs args, int slices)
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat>
        where TA : struct, ITensorLayout
    {
        if (args.Product.B.DepthStep == 1)
        {
            TensorGemmKernel<TFormat, TTile, TA, DepthTensorLayout>.Launch(launcher, args, slices);
        }
        else
        {
            TensorGemmKernel<TFormat, TTile, TA, RowTensorLayout>.Launch(launcher, args, slices);
        }
    }
}
