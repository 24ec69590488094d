using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// loss[i] = (prediction[i] - target[i])^2; gradient[i] = scale 2 (prediction[i] - target[i]). 4 flops and 16 bytes per element; as many
/// elements as a batch has samples, one thread each.
/// </summary>
internal static class SquaredErrorKernel
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("squared_error", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Count, GroupSize), args);

    private static void Run(Args args)
    {
        int i = Grid.GlobalIndex.X;
        if (i >= args.Count)
        {
            return;
        }

        float difference = args.Predictions[i] - args.Targets[i];
        args.Losses[i] = difference * difference;
        if (args.WantsGradient != 0)
        {
            args.Gradient[i] = args.GradientScale * 2 * difference;
        }
    }

    internal struct Args
    {
        public ArrayView<float> Predictions;
        public ArrayView<float> Targets;
        public ArrayView<float> Losses;
        public ArrayView<float> Gradient;
        public int Count;
        public int WantsGradient;
        public float GradientScale;
    }
}
