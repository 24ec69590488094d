using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// out = start + sum_i weight_i (expert_i - base) over P elements, in the order of the experts, the difference first; start is the base, or
/// the sum of the experts before when there are more than one launch takes. 3nP flops, (n + 2) 4P bytes with float32 experts: memory-bound.
/// Here one element per thread and any routing channel; <see cref="WeightedSumVectorKernel{TBase, TBaseElement, TExpert, TElement}"/> is
/// the fast form.
/// </summary>
internal static class WeightedSumKernel<TBase, TBaseElement, TExpert, TElement>
    where TBase : struct, IStorageFormat<TBaseElement>
    where TBaseElement : unmanaged
    where TExpert : struct, IStorageFormat<TElement>
    where TElement : unmanaged
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<WeightedSumKernelArgs<TBaseElement, TElement>> Kernel = new(
        $"weighted_sum_{StorageFormats.Name<TBase>()}_{StorageFormats.Name<TExpert>()}", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in WeightedSumKernelArgs<TBaseElement, TElement> args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Elements, GroupSize), args);

    private static void Run(WeightedSumKernelArgs<TBaseElement, TElement> args)
    {
        int i = Grid.GlobalIndex.X;
        if (i >= args.Elements)
        {
            return;
        }

        int weight = (args.ChannelIsColumn != 0 ? i % args.ChannelSize : i / args.ChannelSize) * args.WeightStride;
        float center = args.HasBase * TBase.Load(args.Base, args.HasBase * i);
        float sum = center;
        if (args.Continues != 0)
        {
            sum = args.Output[i];
        }

        sum += args.Weights[weight + 0] * (TExpert.Load(args.Experts.E0, i) - center);

        if (args.Count > 1)
        {
            sum += args.Weights[weight + 1] * (TExpert.Load(args.Experts.E1, i) - center);
        }

        if (args.Count > 2)
        {
            sum += args.Weights[weight + 2] * (TExpert.Load(args.Experts.E2, i) - center);
        }

        if (args.Count > 3)
        {
            sum += args.Weights[weight + 3] * (TExpert.Load(args.Experts.E3, i) - center);
        }

        if (args.Count > 4)
        {
            sum += args.Weights[weight + 4] * (TExpert.Load(args.Experts.E4, i) - center);
        }

        if (args.Count > 5)
        {
            sum += args.Weights[weight + 5] * (TExpert.Load(args.Experts.E5, i) - center);
        }

        if (args.Count > 6)
        {
            sum += args.Weights[weight + 6] * (TExpert.Load(args.Experts.E6, i) - center);
        }

        if (args.Count > 7)
        {
            sum += args.Weights[weight + 7] * (TExpert.Load(args.Experts.E7, i) - center);
        }

        args.Output[i] = sum;
    }
}
