using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// dx = dy * activation'(x), element by element. About 25 flops and 12 bytes per element; four elements per thread, 16 bytes per load.
/// </summary>
internal static class ActivateBackwardKernel
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("activate_backward", Run, GroupSize);

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
            Float4 gradient = Float4.Load(args.OutputGradient, vector);
            gradient.X *= DeviceActivation.Derivative(args.Activation, x.X);
            gradient.Y *= DeviceActivation.Derivative(args.Activation, x.Y);
            gradient.Z *= DeviceActivation.Derivative(args.Activation, x.Z);
            gradient.W *= DeviceActivation.Derivative(args.Activation, x.W);
            Float4.Store(args.InputGradient, vector, gradient);
            return;
        }

        int step = ScalarRest.Step(args.IsAligned, GroupSize);
        int rest = ScalarRest.First(args.IsAligned, GroupSize);
        for (int i = rest; i < args.Count && i < rest + (Float4.Width * step); i += step)
        {
            args.InputGradient[i] = args.OutputGradient[i] * DeviceActivation.Derivative(args.Activation, args.X[i]);
        }
    }

    internal struct Args
    {
        public ArrayView<float> X;
        public ArrayView<float> OutputGradient;
        public ArrayView<float> InputGradient;
        public int Count;
        public int IsAligned;
        public int Activation;
    }
}
