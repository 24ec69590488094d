using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// <see cref="WeightedSumKernel{TBase, TBaseElement, TExpert, TElement}"/> with eight elements per thread and sixteen bytes per load.
/// Operands
/// are aligned, and the eight elements belong to one routing channel. What is left of the elements goes to the other kernel.
/// </summary>
internal static class WeightedSumVectorKernel<TBase, TBaseElement, TExpert, TElement>
    where TBase : struct, IStorageFormat<TBaseElement>
    where TBaseElement : unmanaged
    where TExpert : struct, IStorageFormat<TElement>
    where TElement : unmanaged
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<WeightedSumKernelArgs<TBaseElement, TElement>> Kernel = new(
        $"weighted_sum_vector_{StorageFormats.Name<TBase>()}_{StorageFormats.Name<TExpert>()}", Run, GroupSize);

    /// <summary>Enqueues the kernel; Elements is a multiple of eight.</summary>
    public static void Launch(IKernelLauncher launcher, in WeightedSumKernelArgs<TBaseElement, TElement> args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Elements / Float8.Width, GroupSize), args);

    private static void Run(WeightedSumKernelArgs<TBaseElement, TElement> args)
    {
        int vector = Grid.GlobalIndex.X;
        if (vector >= args.Elements / Float8.Width)
        {
            return;
        }

        int weight = vector * Float8.Width / args.ChannelSize * args.WeightStride;
        Float8 center = default;
        if (args.HasBase != 0)
        {
            center = TBase.Load8(args.Base, vector);
        }

        Float8 sum = center;
        if (args.Continues != 0)
        {
            sum = Float32Format.Load8(args.Output, vector);
        }

        sum = Added(sum, args.Weights[weight + 0], TExpert.Load8(args.Experts.E0, vector), center);

        if (args.Count > 1)
        {
            sum = Added(sum, args.Weights[weight + 1], TExpert.Load8(args.Experts.E1, vector), center);
        }

        if (args.Count > 2)
        {
            sum = Added(sum, args.Weights[weight + 2], TExpert.Load8(args.Experts.E2, vector), center);
        }

        if (args.Count > 3)
        {
            sum = Added(sum, args.Weights[weight + 3], TExpert.Load8(args.Experts.E3, vector), center);
        }

        if (args.Count > 4)
        {
            sum = Added(sum, args.Weights[weight + 4], TExpert.Load8(args.Experts.E4, vector), center);
        }

        if (args.Count > 5)
        {
            sum = Added(sum, args.Weights[weight + 5], TExpert.Load8(args.Experts.E5, vector), center);
        }

        if (args.Count > 6)
        {
            sum = Added(sum, args.Weights[weight + 6], TExpert.Load8(args.Experts.E6, vector), center);
        }

        if (args.Count > 7)
        {
            sum = Added(sum, args.Weights[weight + 7], TExpert.Load8(args.Experts.E7, vector), center);
        }

        Float4.Store(args.Output, 2 * vector, sum.Low);
        Float4.Store(args.Output, (2 * vector) + 1, sum.High);
    }

    private static Float8 Added(Float8 sum, float weight, Float8 expert, Float8 center) => new()
    {
        Low = Added(sum.Low, weight, expert.Low, center.Low),
        High = Added(sum.High, weight, expert.High, center.High),
    };

    private static Float4 Added(Float4 sum, float weight, Float4 expert, Float4 center) => new()
    {
        X = sum.X + (weight * (expert.X - center.X)),
        Y = sum.Y + (weight * (expert.Y - center.Y)),
        Z = sum.Z + (weight * (expert.Z - center.Z)),
        W = sum.W + (weight * (expert.W - center.W)),
    };
}
