using ILGPU;
using ILGPU.Algorithms;

namespace Engine.Kernels.Device;

/// <summary>
/// loss[i] = ln sum_j exp(logits[i, j]) - logits[i, label[i]]; gradient[i, j] = scale (softmax(logits[i])[j] - [j == label[i]]), over [R,
/// V].
/// About 6RV flops; 8RV bytes, 12RV with the gradient. One group per row; maximum and sum in two passes, the second from the cache. A label
/// outside the row gives NaN, which the caller's check of the loss reports.
/// </summary>
internal static class CrossEntropyKernel<TReduction>
    where TReduction : struct, IGroupReduction
{
    public static readonly DeviceKernel<Args> Kernel = new("cross_entropy", Run, GroupReduction.Threads);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) => launcher.Launch(Kernel, new Index3D(args.Rows, 1, 1), args);

    private static void Run(Args args)
    {
        int row = Grid.IdxX;
        int label = args.Labels[row];
        long logits = (long)row * args.LogitStride;
        float maximum = float.NegativeInfinity;
        for (int column = Group.IdxX; column < args.Columns; column += GroupReduction.Threads)
        {
            float logit = args.Logits[logits + column];
            maximum = logit > maximum ? logit : maximum;
        }

        maximum = TReduction.Max(maximum);
        float sum = 0;
        for (int column = Group.IdxX; column < args.Columns; column += GroupReduction.Threads)
        {
            sum += XMath.Exp(args.Logits[logits + column] - maximum);
        }

        sum = TReduction.Sum(sum);
        bool counts = label != CrossEntropyArgs.IgnoreLabel;
        bool isValid = label >= 0 && label < args.Columns;
        if (Group.IdxX == 0)
        {
            // The load is unconditional, as the compiler may turn the choice into a selection of two loaded values.
            float loss = maximum - args.Logits[logits + (isValid ? label : 0)] + XMath.Log(sum);
            args.Losses[row] = !counts ? 0 : isValid ? loss : float.NaN;
        }

        // The label's logit has been read before the gradient may overwrite it.
        Group.Barrier();
        if (args.WantsGradient == 0)
        {
            return;
        }

        float scale = args.GradientScale / sum;
        long gradient = (long)row * args.GradientStride;
        for (int column = Group.IdxX; column < args.Columns; column += GroupReduction.Threads)
        {
            float probability = XMath.Exp(args.Logits[logits + column] - maximum) * scale;
            float value = column == label ? probability - args.GradientScale : probability;
            args.Gradient[gradient + column] = counts ? value : 0;
        }
    }

    internal struct Args
    {
        public ArrayView<float> Logits;
        public ArrayView<int> Labels;
        public ArrayView<float> Losses;
        public ArrayView<float> Gradient;
        public int LogitStride;
        public int GradientStride;
        public int Rows;
        public int Columns;
        public int WantsGradient;
        public float GradientScale;
    }
}
