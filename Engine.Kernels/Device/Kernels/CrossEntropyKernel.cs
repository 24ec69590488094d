using ILGPU;
using ILGPU.Algorithms;

namespace Engine.Kernels.Device;

/// <summary>
/// loss[i] = ln sum_j exp(logits[i, j]) - logits[i, label[i]]; gradient[i, j] = scale (softmax(logits[i])[j] - [j == label[i]]), over
/// [R, V]. About 6RV flops; 8RV bytes, 12RV with the gradient. One group per row, sixteen bytes per load where rows are
/// aligned; maximum and sum in two passes, the second from the cache. A label
/// outside the row gives NaN, which the caller's check of the loss reports.
/// </summary>
internal static class CrossEntropyKernel<TReduction, TAccess>
    where TReduction : struct, IGroupReduction
    where TAccess : struct, IElementAccess
{
    public static readonly DeviceKernel<Args> Kernel = new("cross_entropy" + TAccess.Suffix, Run, GroupReduction.Threads);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) => launcher.Launch(Kernel, new Index3D(args.Rows, 1, 1), args);

    private static void Run(Args args)
    {
        int row = Grid.IdxX;
        int label = args.Labels[row];
        int vectors = args.Columns / TAccess.Width;
        long logits = (long)row * (args.LogitStride / TAccess.Width);
        Float4 largest = Float4.Broadcast(float.NegativeInfinity);
        for (int vector = Group.IdxX; vector < vectors; vector += GroupReduction.Threads)
        {
            largest = Float4.Max(TAccess.Load(args.Logits, logits + vector), largest);
        }

        float maximum = TReduction.Max(TAccess.Largest(largest));
        Float4 sums = default;
        for (int vector = Group.IdxX; vector < vectors; vector += GroupReduction.Threads)
        {
            sums = Float4.Add(sums, Exp(TAccess.Load(args.Logits, logits + vector), maximum));
        }

        float sum = TReduction.Sum(TAccess.Sum(sums));
        bool counts = label != CrossEntropyArgs.IgnoreLabel;
        bool isValid = label >= 0 && label < args.Columns;
        if (Group.IdxX == 0)
        {
            // The load is unconditional, as the compiler may turn the choice into a selection of two loaded values.
            float loss = maximum - args.Logits[((long)row * args.LogitStride) + (isValid ? label : 0)] + XMath.Log(sum);
            args.Losses[row] = !counts ? 0 : isValid ? loss : float.NaN;
        }

        // The label's logit has been read before the gradient may overwrite it.
        Group.Barrier();
        if (args.WantsGradient == 0)
        {
            return;
        }

        float scale = args.GradientScale / sum;
        long gradient = (long)row * (args.GradientStride / TAccess.Width);
        for (int vector = Group.IdxX; vector < vectors; vector += GroupReduction.Threads)
        {
            Float4 value = Float4.Multiply(
                Exp(TAccess.Load(args.Logits, logits + vector), maximum), Float4.Broadcast(scale));
            int distance = label - (vector * TAccess.Width);
            value.X -= distance == 0 ? args.GradientScale : 0;
            value.Y -= distance == 1 ? args.GradientScale : 0;
            value.Z -= distance == 2 ? args.GradientScale : 0;
            value.W -= distance == 3 ? args.GradientScale : 0;
            TAccess.Store(args.Gradient, gradient + vector, counts ? value : default);
        }
    }

    private static Float4 Exp(Float4 logits, float maximum) => new(
        XMath.Exp(logits.X - maximum), XMath.Exp(logits.Y - maximum), XMath.Exp(logits.Z - maximum), XMath.Exp(logits.W - maximum));

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
