using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// result[channel, first + i] = (result +) sum over segments of partials[segment, i, channel], i = 0 .. count - 1. One flop and 4 bytes per
/// partial sum. A group takes eight experts of some channels; the more segments there are, the fewer channels, and the more threads share a
/// sum: thread k of L takes segments k, k + L, and so on, then one thread adds up the L parts in order. Threads read channel by channel, as
/// the partial sums lie, and write expert by expert, as the results do.
/// </summary>
internal static class SegmentSumKernel
{
    private const int GroupSize = 256;
    private const int Experts = RoutedRun.MostExperts;
    private const int SectorFloats = 8;

    // Between two experts' parts: neighbours that are written to memory side by side come from different banks.
    private const int Padding = 4;

    public static readonly DeviceKernel<Args> Kernel = new("segment_sum", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(
            Kernel,
            LaunchGrid.Of(args.Channels, GroupChannels(args.Channels, args.Segments)),
            args with { GroupChannels = GroupChannels(args.Channels, args.Segments) });

    // Few segments need no sharing. Many channels fill the device with few threads per sum, and reads of eight of them whole sectors.
    private static int GroupChannels(int channels, int segments) =>
        segments <= SectorFloats ? GroupSize / Experts : channels < SectorFloats ? 1 : SectorFloats;

    private static void Run(Args args)
    {
        ArrayView<float> parts = SharedMemory.Allocate<float>(GroupSize * (1 + Padding));
        int groupChannels = args.GroupChannels;
        int groupSums = Experts * groupChannels;
        int lanes = GroupSize / groupSums;
        int firstChannel = Grid.IdxX * groupChannels;
        int lane = Group.IdxX / groupSums;
        int expert = Group.IdxX % groupSums / groupChannels;
        int channel = Group.IdxX % groupChannels;
        if (expert < args.Count && firstChannel + channel < args.Channels)
        {
            parts[Part(lane, expert, channel, groupChannels)] = SumOfLane(args, lane, lanes, expert, firstChannel + channel);
        }

        Group.Barrier();
        expert = Group.IdxX % args.Count;
        channel = Group.IdxX / args.Count;
        if (channel < groupChannels && firstChannel + channel < args.Channels)
        {
            float sum = parts[Part(0, expert, channel, groupChannels)];
            for (int other = 1; other < lanes; other++)
            {
                sum += parts[Part(other, expert, channel, groupChannels)];
            }

            long target = ((long)(firstChannel + channel) * args.Experts) + args.FirstExpert + expert;
            args.Result[target] = args.Accumulate != 0 ? args.Result[target] + sum : sum;
        }
    }

    private static int Part(int lane, int expert, int channel, int groupChannels) =>
        (((lane * Experts) + expert) * (groupChannels + Padding)) + channel;

    private static float SumOfLane(Args args, int lane, int lanes, int expert, int channel)
    {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        long step = (long)lanes * args.Count * args.Channels;
        long at = ((((long)lane * args.Count) + expert) * args.Channels) + channel;
        int segment = lane;
        for (; segment + (3 * lanes) < args.Segments; segment += 4 * lanes)
        {
            sum0 += args.Partials[at];
            sum1 += args.Partials[at + step];
            sum2 += args.Partials[at + (2 * step)];
            sum3 += args.Partials[at + (3 * step)];
            at += 4 * step;
        }

        for (; segment < args.Segments; segment += lanes)
        {
            sum0 += args.Partials[at];
            at += step;
        }

        return sum0 + sum1 + (sum2 + sum3);
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

        /// <summary>Channels of a group; the launcher's choice.</summary>
        public int GroupChannels;
    }
}
