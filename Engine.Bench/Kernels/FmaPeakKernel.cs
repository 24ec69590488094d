using Engine.Kernels.Device;
using ILGPU;

namespace Engine.Bench;

/// <summary>
/// y[t] = sum of sixteen independent chains c = c a + b on registers alone, <see cref="Args.Rounds"/> times four steps each.
/// 2 x <see cref="FmasPerRound"/> flops per thread and round; 4 bytes per thread. What a device computes in float32 at most.
/// </summary>
internal static class FmaPeakKernel
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 256;

    /// <summary>Multiply-adds of one thread in one round: enough that the loop around them does not count, and independent enough to
    /// hide their latency.</summary>
    public const int FmasPerRound = 4 * 4 * Float4.Width;

    public static readonly DeviceKernel<Args> Kernel = new("fma_peak", Run, GroupSize);

    /// <summary>Enqueues the kernel; y has room for all threads.</summary>
    public static void Launch(IKernelLauncher launcher, int groups, in Args args) =>
        launcher.Launch(Kernel, new Index3D(groups, 1, 1), args);

    private static void Run(Args args)
    {
        float seed = Group.IdxX;
        Float4 c0 = Chains(seed);
        Float4 c1 = Chains(seed + 1);
        Float4 c2 = Chains(seed + 2);
        Float4 c3 = Chains(seed + 3);
        for (int round = 0; round < args.Rounds; round++)
        {
            c0 = Step(c0, args.A, args.B);
            c1 = Step(c1, args.A, args.B);
            c2 = Step(c2, args.A, args.B);
            c3 = Step(c3, args.A, args.B);
            c0 = Step(c0, args.A, args.B);
            c1 = Step(c1, args.A, args.B);
            c2 = Step(c2, args.A, args.B);
            c3 = Step(c3, args.A, args.B);
            c0 = Step(c0, args.A, args.B);
            c1 = Step(c1, args.A, args.B);
            c2 = Step(c2, args.A, args.B);
            c3 = Step(c3, args.A, args.B);
            c0 = Step(c0, args.A, args.B);
            c1 = Step(c1, args.A, args.B);
            c2 = Step(c2, args.A, args.B);
            c3 = Step(c3, args.A, args.B);
        }

        args.Y[Grid.GlobalIndex.X] = Sum(c0) + Sum(c1) + Sum(c2) + Sum(c3);
    }

    private static Float4 Chains(float seed)
    {
        Float4 chains;
        chains.X = seed;
        chains.Y = seed + 0.25f;
        chains.Z = seed + 0.5f;
        chains.W = seed + 0.75f;
        return chains;
    }

    private static Float4 Step(Float4 chains, float a, float b)
    {
        Float4 next;
        next.X = (chains.X * a) + b;
        next.Y = (chains.Y * a) + b;
        next.Z = (chains.Z * a) + b;
        next.W = (chains.W * a) + b;
        return next;
    }

    private static float Sum(Float4 chains) => chains.X + chains.Y + chains.Z + chains.W;

    internal struct Args
    {
        public ArrayView<float> Y;
        public float A;
        public float B;
        public int Rounds;
    }
}
