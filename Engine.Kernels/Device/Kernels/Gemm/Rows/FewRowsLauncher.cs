namespace Engine.Kernels.Device;

/// <summary>Picks the variant of the product of few rows that fits rows, precision, storage of B and its layout.</summary>
internal static class FewRowsLauncher
{
    /// <summary>The most rows of C.</summary>
    public const int MostRows = 4;

    /// <summary>Enqueues the kernel of a plan.</summary>
    /// <param name="launcher">Where.</param>
    /// <param name="plan">How many columns and slices.</param>
    /// <param name="args">Operands; A with k as the fast index; rows begin at multiples of 16 bytes, their lengths are divisible by
    /// four.</param>
    /// <param name="stored">The format of B: F32 or BF16.</param>
    /// <param name="hasShuffles">Whether warps exchange registers.</param>
    public static void Launch(IKernelLauncher launcher, in GemmPlan plan, in GemmKernelArgs args, DType stored, bool hasShuffles)
    {
        if (args.A.Rows == 1)
        {
            WithRows<OneRow>(launcher, plan, args, stored, hasShuffles);
        }
        else
        {
            WithRows<FourRows>(launcher, plan, args, stored, hasShuffles);
        }
    }

    private static void WithRows<TRows>(
        IKernelLauncher launcher, in GemmPlan plan, in GemmKernelArgs args, DType stored, bool hasShuffles)
        where TRows : struct, IRowCount
    {
        switch (plan.Precision)
        {
            case Precision.Float32:
                WithRounding<TRows, NoRounding>(launcher, plan, args, stored, hasShuffles);
                break;
            case Precision.TensorFloat32:
                WithRounding<TRows, TensorFloat32Rounding>(launcher, plan, args, stored, hasShuffles);
                break;
            default:
                WithRounding<TRows, BFloat16Rounding>(launcher, plan, args, stored, hasShuffles);
                break;
        }
    }

    private static void WithRounding<TRows, TRounding>(
        IKernelLauncher launcher, in GemmPlan plan, in GemmKernelArgs args, DType stored, bool hasShuffles)
        where TRows : struct, IRowCount
        where TRounding : struct, IOperandRounding
    {
        if (stored == DType.BF16)
        {
            WithFormat<TRows, BFloat16Format, ushort, TRounding>(launcher, plan, args, hasShuffles);
        }
        else
        {
            WithFormat<TRows, Float32Format, float, TRounding>(launcher, plan, args, hasShuffles);
        }
    }

    private static void WithFormat<TRows, TFormat, TElement, TRounding>(
        IKernelLauncher launcher, in GemmPlan plan, in GemmKernelArgs product, bool hasShuffles)
        where TRows : struct, IRowCount
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged
        where TRounding : struct, IOperandRounding
    {
        FewRowsArgs args = new() { Product = product, Columns = plan.Columns };
        if (product.B.DepthStep != 1)
        {
            FewRowsColumnsKernel<TRows, TFormat, TElement, TRounding>.Launch(launcher, args, plan.Slices);
        }
        else if (hasShuffles)
        {
            FewRowsDepthKernel<TRows, ShuffleLaneReduction, TFormat, TElement, TRounding>.Launch(launcher, args, plan.Slices);
        }
        else
        {
            FewRowsDepthKernel<TRows, SharedLaneReduction, TFormat, TElement, TRounding>.Launch(launcher, args, plan.Slices);
        }
    }
}
