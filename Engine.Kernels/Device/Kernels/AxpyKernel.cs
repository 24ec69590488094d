using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// y = y + alpha * x, element by element. 2 flops and 12 bytes per element; four elements per thread, 16 bytes per load.
/// </summary>
internal static class AxpyKernel
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("axpy", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.OfVectors(args.Count, GroupSize), args);

    private static void Run(Args args)
    {
        int first = Grid.GlobalIndex.X * Float4.Width;
        if (args.IsAligned != 0 && first + Float4.Width <= args.Count)
        {
            Float4 x = Float4.Load(args.X, Grid.GlobalIndex.X);
            Float4 y = Float4.Load(args.Y, Grid.GlobalIndex.X);
            y.X += args.Alpha * x.X;
            y.Y += args.Alpha * x.Y;
            y.Z += args.Alpha * x.Z;
            y.W += args.Alpha * x.W;
            Float4.Store(args.Y, Grid.GlobalIndex.X, y);
            return;
        }

        int step = ScalarRest.Step(args.IsAligned, GroupSize);
        int rest = ScalarRest.First(args.IsAligned, GroupSize);
        for (int i = rest; i < args.Count && i < rest + (Float4.Width * step); i += step)
        {
            args.Y[i] += args.Alpha * args.X[i];
        }
    }

    internal struct Args
    {
        public ArrayView<float> X;
        public ArrayView<float> Y;
        public int Count;
        public int IsAligned;
        public float Alpha;
    }
}
