using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// out = start + sum_i weight_i (expert_i - base) over P elements, in the order of the experts, the difference first; start is the base, or
/// the sum of the experts before when there are more than one launch takes. 3nP flops, (n + 2) 4P bytes with float32 experts: memory-bound.
/// One element per thread with any operands and any routing channel, or four where operands are aligned and the four belong to one channel;
/// <see cref="WeightedSumColumnsKernel{TBase, TBaseElement, TExpert, TElement}"/> is for aligned operands with a channel per column.
/// </summary>
internal static class WeightedSumKernel<TBase, TBaseElement, TExpert, TElement, TAccess>
    where TBase : struct, IStorageFormat<TBaseElement>
    where TBaseElement : unmanaged
    where TExpert : struct, IStorageFormat<TElement>
    where TElement : unmanaged
    where TAccess : struct, IElementAccess
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<WeightedSumKernelArgs<TBaseElement, TElement>> Kernel = new(
        $"weighted_sum_{StorageFormats.Name<TBase>()}_{StorageFormats.Name<TExpert>()}{TAccess.Suffix}", Run, GroupSize);

    /// <summary>Enqueues the kernel; as many elements as vectors have.</summary>
    public static void Launch(IKernelLauncher launcher, in WeightedSumKernelArgs<TBaseElement, TElement> args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Elements / TAccess.Width, GroupSize), args);

    private static void Run(WeightedSumKernelArgs<TBaseElement, TElement> args)
    {
        int vector = Grid.GlobalIndex.X;
        if (vector >= args.Elements / TAccess.Width)
        {
            return;
        }

        int first = vector * TAccess.Width;
        int channel = args.ChannelIsColumn != 0 ? first % args.ChannelSize : first / args.ChannelSize;
        ExpertVectors experts = ExpertVectors.Load<TAccess, TExpert, TElement>(args.Experts, args.Count, vector);
        Float4 center = default;
        if (args.HasBase != 0)
        {
            center = TAccess.Load<TBase, TBaseElement>(args.Base, vector);
        }

        Float4 sum = center;
        if (args.Continues != 0)
        {
            sum = TAccess.Load(args.Output, vector);
        }

        sum = ExpertVectors.WeightedSum<ChannelWeight>(
            sum, experts, args.Count, center, args.Weights, channel * args.WeightStride, 1);
        TAccess.Store(args.Output, vector, sum);
    }
}
