using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// One segment of g_i = sum over a channel's elements of gradient (expert_i - base), i = 1 .. n; <see cref="SegmentSumKernel{TReduction}"/>
/// adds the segments up. 3nP flops, (n + 2) 4P bytes with float32 experts: memory-bound, the gradient read once. One group per segment of
/// a channel; neighbouring threads take neighbouring elements.
/// </summary>
internal static class MultiDotKernel<TBase, TBaseElement, TExpert, TElement>
    where TBase : struct, IStorageFormat<TBaseElement>
    where TBaseElement : unmanaged
    where TExpert : struct, IStorageFormat<TElement>
    where TElement : unmanaged
{
    private const int Threads = GroupReduction.Threads;

    public static readonly DeviceKernel<Args> Kernel = new(
        $"multi_dot_{StorageFormats.Name<TBase>()}_{StorageFormats.Name<TExpert>()}", Run, Threads);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, new Index3D(args.Segments * args.Channels, 1, 1), args);

    private static void Run(Args args)
    {
        int channel = Grid.IdxX / args.Segments;
        int segment = Grid.IdxX % args.Segments;
        int thread = Group.IdxX;
        long start = ((long)channel * args.ChannelSize) + ((long)segment * MultiDotSegments.Elements);
        long end = start + MultiDotSegments.Elements;
        long channelEnd = (long)(channel + 1) * args.ChannelSize;
        end = end < channelEnd ? end : channelEnd;
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        float sum4 = 0;
        float sum5 = 0;
        float sum6 = 0;
        float sum7 = 0;
        for (long i = start + thread; i < end; i += Threads)
        {
            float gradient = args.Gradient[i];
            float center = args.HasBase * TBase.Load(args.Base, args.HasBase * i);
            sum0 += gradient * (TExpert.Load(args.Experts.E0, i) - center);

            if (args.Count > 1)
            {
                sum1 += gradient * (TExpert.Load(args.Experts.E1, i) - center);
            }

            if (args.Count > 2)
            {
                sum2 += gradient * (TExpert.Load(args.Experts.E2, i) - center);
            }

            if (args.Count > 3)
            {
                sum3 += gradient * (TExpert.Load(args.Experts.E3, i) - center);
            }

            if (args.Count > 4)
            {
                sum4 += gradient * (TExpert.Load(args.Experts.E4, i) - center);
            }

            if (args.Count > 5)
            {
                sum5 += gradient * (TExpert.Load(args.Experts.E5, i) - center);
            }

            if (args.Count > 6)
            {
                sum6 += gradient * (TExpert.Load(args.Experts.E6, i) - center);
            }

            if (args.Count > 7)
            {
                sum7 += gradient * (TExpert.Load(args.Experts.E7, i) - center);
            }
        }

        ArrayView<float> sums = SharedMemory.Allocate<float>(RoutedRun.MostExperts * Threads);
        sums[thread] = sum0;
        sums[(1 * Threads) + thread] = sum1;
        sums[(2 * Threads) + thread] = sum2;
        sums[(3 * Threads) + thread] = sum3;
        sums[(4 * Threads) + thread] = sum4;
        sums[(5 * Threads) + thread] = sum5;
        sums[(6 * Threads) + thread] = sum6;
        sums[(7 * Threads) + thread] = sum7;
        Group.Barrier();
        for (int distance = Threads / 2; distance > 0; distance >>= 1)
        {
            if (thread < distance)
            {
                for (int expert = 0; expert < args.Count; expert++)
                {
                    sums[(expert * Threads) + thread] += sums[(expert * Threads) + thread + distance];
                }
            }

            Group.Barrier();
        }

        if (thread < args.Count)
        {
            args.Partials[((((long)channel * args.Count) + thread) * args.Segments) + segment] = sums[thread * Threads];
        }
    }

    internal struct Args
    {
        public ArrayView<float> Gradient;
        public ArrayView<TBaseElement> Base;
        public ExpertViews<TElement> Experts;

        /// <summary>[channels, experts of this launch, segments].</summary>
        public ArrayView<float> Partials;
        public int Channels;
        public int ChannelSize;
        public int Segments;

        /// <summary>Experts of this launch.</summary>
        public int Count;
        public int HasBase;
    }
}
