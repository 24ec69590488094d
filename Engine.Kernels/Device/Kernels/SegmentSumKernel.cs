using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// result[channel, first + i] = (result +) sum over segments of partials[channel, i, segment], i = 0 .. count - 1. One flop and 4 bytes per
/// partial sum. One group per sum.
/// </summary>
internal static class SegmentSumKernel<TReduction>
    where TReduction : struct, IGroupReduction
{
    public static readonly DeviceKernel<Args> Kernel = new("segment_sum", Run, GroupReduction.Threads);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, new Index3D(args.Channels * args.Count, 1, 1), args);

    private static void Run(Args args)
    {
        long first = (long)Grid.IdxX * args.Segments;
        float sum = 0;
        for (int segment = Group.IdxX; segment < args.Segments; segment += GroupReduction.Threads)
        {
            sum += args.Partials[first + segment];
        }

        sum = TReduction.Sum(sum);
        if (Group.IdxX == 0)
        {
            int target = (Grid.IdxX / args.Count * args.Experts) + args.FirstExpert + (Grid.IdxX % args.Count);
            args.Result[target] = args.Accumulate != 0 ? args.Result[target] + sum : sum;
        }
    }

    internal struct Args
    {
        public ArrayView<float> Partials;
        public ArrayView<float> Result;
        public int Channels;
        public int Segments;

        /// <summary>Experts of this launch.</summary>
        public int Count;

        /// <summary>Experts of the result, n.</summary>
        public int Experts;
        public int FirstExpert;
        public int Accumulate;
    }
}
