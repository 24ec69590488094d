using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// y = activation(x), element by element. About 20 flops and 8 bytes per element; four elements per thread, 16 bytes per load.
/// </summary>
internal static class ActivateKernel
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("activate", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.OfVectors(args.Count, GroupSize), args);

    private static void Run(Args args)
    {
        int vector = Grid.GlobalIndex.X;
        int first = vector * Float4.Width;
        if (args.IsAligned != 0 && first + Float4.Width <= args.Count)
        {
            Float4 x = Float4.Load(args.X, vector);
            x.X = DeviceActivation.Apply(args.Activation, x.X);
            x.Y = DeviceActivation.Apply(args.Activation, x.Y);
            x.Z = DeviceActivation.Apply(args.Activation, x.Z);
            x.W = DeviceActivation.Apply(args.Activation, x.W);
            Float4.Store(args.Y, vector, x);
            return;
        }

        int step = ScalarRest.Step(args.IsAligned, GroupSize);
        int rest = ScalarRest.First(args.IsAligned, GroupSize);
        for (int i = rest; i < args.Count && i < rest + (Float4.Width * step); i += step)
        {
            args.Y[i] = DeviceActivation.Apply(args.Activation, args.X[i]);
        }
    }

    internal struct Args
    {
        public ArrayView<float> X;
        public ArrayView<float> Y;
        public int Count;
        public int IsAligned;
        public int Activation;
    }
}
