using ILGPU;
using ILGPU.Algorithms;

namespace Engine.Kernels.Device;

/// <summary>
/// One step of AdamW, element by element: decay; m = m + (g - m)(1 - b1); v = b2 v + (1 - b2) g^2;
/// p = p - (lr / c1) m / (sqrt(v) / sqrt(c2) + epsilon), with the bias corrections c taken in float64 on the host. 12 flops and 28 bytes
/// per
/// parameter; four parameters per thread, 16 bytes per load.
/// </summary>
internal static class AdamWKernel
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("adamw", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.OfVectors(args.Count, GroupSize), args);

    private static void Run(Args args)
    {
        int vector = Grid.GlobalIndex.X;
        int first = vector * Float4.Width;
        if (args.IsAligned != 0 && first + Float4.Width <= args.Count)
        {
            Float4 p = Float4.Load(args.Parameters, vector);
            Float4 g = Float4.Load(args.Gradient, vector);
            Float4 m = Float4.Load(args.FirstMoment, vector);
            Float4 v = Float4.Load(args.SecondMoment, vector);
            State x = Step(args, p.X, g.X, m.X, v.X);
            State y = Step(args, p.Y, g.Y, m.Y, v.Y);
            State z = Step(args, p.Z, g.Z, m.Z, v.Z);
            State w = Step(args, p.W, g.W, m.W, v.W);
            Float4.Store(args.Parameters, vector, new Float4 { X = x.P, Y = y.P, Z = z.P, W = w.P });
            Float4.Store(args.FirstMoment, vector, new Float4 { X = x.M, Y = y.M, Z = z.M, W = w.M });
            Float4.Store(args.SecondMoment, vector, new Float4 { X = x.V, Y = y.V, Z = z.V, W = w.V });
            return;
        }

        int step = ScalarRest.Step(args.IsAligned, GroupSize);
        int rest = ScalarRest.First(args.IsAligned, GroupSize);
        for (int i = rest; i < args.Count && i < rest + (Float4.Width * step); i += step)
        {
            State state = Step(args, args.Parameters[i], args.Gradient[i], args.FirstMoment[i], args.SecondMoment[i]);
            args.Parameters[i] = state.P;
            args.FirstMoment[i] = state.M;
            args.SecondMoment[i] = state.V;
        }
    }

    private static State Step(Args args, float p, float g, float m, float v)
    {
        float first = m + ((g - m) * args.FirstRate);
        float second = (v * args.SecondDecay) + (g * g * args.SecondRate);
        float root = (XMath.Sqrt(second) * args.RootScale) + args.Epsilon;
        return new State { P = (p * args.Retained) - (args.StepSize * first / root), M = first, V = second };
    }

    internal struct Args
    {
        public ArrayView<float> Parameters;
        public ArrayView<float> Gradient;
        public ArrayView<float> FirstMoment;
        public ArrayView<float> SecondMoment;
        public int Count;
        public int IsAligned;

        /// <summary>1 - lr decay.</summary>
        public float Retained;

        /// <summary>1 - b1.</summary>
        public float FirstRate;

        /// <summary>b2.</summary>
        public float SecondDecay;

        /// <summary>1 - b2.</summary>
        public float SecondRate;

        /// <summary>lr / (1 - b1^t).</summary>
        public float StepSize;

        /// <summary>1 / sqrt(1 - b2^t).</summary>
        public float RootScale;
        public float Epsilon;
    }

    private struct State
    {
        public float P;
        public float M;
        public float V;
    }
}
