using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// One segment of g_i = sum over a channel's elements of gradient (expert_i - base), i = 1 .. n; <see cref="SegmentSumKernel"/> adds the
/// segments up. 3nP flops, (n + 2) 4P bytes with float32 experts: memory-bound, the gradient read once. One group per segment of a channel;
/// neighbouring threads take neighbouring elements, one at a time or, where channels are aligned, four. The threads' sums meet in shared
/// memory in three steps, 256 to 32 to 8 to 1, for all experts at once.
/// </summary>
internal static class MultiDotKernel<TBase, TBaseElement, TExpert, TElement, TAccess>
    where TBase : struct, IStorageFormat<TBaseElement>
    where TBaseElement : unmanaged
    where TExpert : struct, IStorageFormat<TElement>
    where TElement : unmanaged
    where TAccess : struct, IElementAccess
{
    private const int Threads = GroupReduction.Threads;
    private const int MiddleLanes = Threads / RoutedRun.MostExperts;
    private const int LastLanes = 8;

    // Of an expert's sums; eight more than threads, so that the last lanes of four experts read different banks.
    private const int Stride = Threads + LastLanes;

    public static readonly DeviceKernel<MultiDotKernelArgs<TBaseElement, TElement>> Kernel = new(
        $"multi_dot_{StorageFormats.Name<TBase>()}_{StorageFormats.Name<TExpert>()}{TAccess.Suffix}", Run, Threads);

    /// <summary>Enqueues the kernel; as many elements per channel and segment as vectors have.</summary>
    public static void Launch(IKernelLauncher launcher, in MultiDotKernelArgs<TBaseElement, TElement> args) =>
        launcher.Launch(Kernel, new Index3D(args.Segments * args.Channels, 1, 1), args);

    private static void Run(MultiDotKernelArgs<TBaseElement, TElement> args)
    {
        int channel = Grid.IdxX / args.Segments;
        int segment = Grid.IdxX % args.Segments;
        int thread = Group.IdxX;
        int first = segment * args.SegmentSize;
        int vectors = IntrinsicMath.Min(args.SegmentSize, args.ChannelSize - first) / TAccess.Width;
        long start = (((long)channel * args.ChannelSize) + first) / TAccess.Width;
        ExpertVectors dots = default;
        for (int vector = thread; vector < vectors; vector += Threads)
        {
            Float4 gradient = TAccess.Load(args.Gradient, start + vector);
            Float4 center = default;
            if (args.HasBase != 0)
            {
                center = TAccess.Load<TBase, TBaseElement>(args.Base, start + vector);
            }

            ExpertVectors experts = ExpertVectors.Load<TAccess, TExpert, TElement>(args.Experts, args.Count, start + vector);
            dots = ExpertVectors.AddProducts(dots, experts, args.Count, center, gradient);
        }

        ArrayView<float> sums = SharedMemory.Allocate<float>(RoutedRun.MostExperts * Stride);
        sums[thread] = TAccess.Sum(dots.E0);
        sums[(1 * Stride) + thread] = TAccess.Sum(dots.E1);
        sums[(2 * Stride) + thread] = TAccess.Sum(dots.E2);
        sums[(3 * Stride) + thread] = TAccess.Sum(dots.E3);
        sums[(4 * Stride) + thread] = TAccess.Sum(dots.E4);
        sums[(5 * Stride) + thread] = TAccess.Sum(dots.E5);
        sums[(6 * Stride) + thread] = TAccess.Sum(dots.E6);
        sums[(7 * Stride) + thread] = TAccess.Sum(dots.E7);
        Group.Barrier();

        // Every thread overwrites what it alone has read.
        int middle = (thread / MiddleLanes * Stride) + (thread % MiddleLanes);
        sums[middle] = SumOf(sums, middle, MiddleLanes, Threads / MiddleLanes);
        Group.Barrier();
        if (thread < RoutedRun.MostExperts * LastLanes)
        {
            int last = (thread / LastLanes * Stride) + (thread % LastLanes);
            sums[last] = SumOf(sums, last, LastLanes, MiddleLanes / LastLanes);
        }

        Group.Barrier();
        if (thread < args.Count)
        {
            args.Partials[((((long)segment * args.Count) + thread) * args.Channels) + channel] =
                SumOf(sums, thread * Stride, 1, LastLanes);
        }
    }

    private static float SumOf(ArrayView<float> sums, int first, int step, int count)
    {
        float sum = sums[first];
        for (int i = 1; i < count; i++)
        {
            sum += sums[first + (i * step)];
        }

        return sum;
    }
}
