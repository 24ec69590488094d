using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// patches[b, p] = x[b, 1 + p], rows of C floats: the tokens of each image but the first. 8 bytes per element, sixteen
/// bytes per load where rows are aligned.
/// </summary>
internal static class PatchTokensKernel<TAccess>
    where TAccess : struct, IElementAccess
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("patch_tokens" + TAccess.Suffix, Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Columns / TAccess.Width, GroupSize, args.Rows), args);

    private static void Run(Args args)
    {
        int vector = Grid.GlobalIndex.X;
        if (vector >= args.Columns / TAccess.Width)
        {
            return;
        }

        for (int row = Grid.IdxY; row < args.Rows; row += Grid.DimY)
        {
            int source = row + (row / (args.Tokens - 1)) + 1;
            TAccess.Store(
                args.Patches,
                ((long)row * (args.PatchStride / TAccess.Width)) + vector,
                TAccess.Load(args.X, ((long)source * (args.XStride / TAccess.Width)) + vector));
        }
    }

    internal struct Args
    {
        public ArrayView<float> X;
        public ArrayView<float> Patches;
        public int XStride;
        public int PatchStride;

        /// <summary>Rows of x per image.</summary>
        public int Tokens;

        /// <summary>Rows of patches.</summary>
        public int Rows;
        public int Columns;
    }
}
