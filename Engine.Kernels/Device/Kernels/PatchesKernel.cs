using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// patches[(b, py, px), (channel, y, x)] = pixels[b, channel, py size + y, px size + x], or the inverse. 8 bytes per pixel; sixteen bytes
/// per load where rows of pixels and of patches are aligned. Neighbouring threads take neighbouring pixels of a patch's row.
/// </summary>
internal static class PatchesKernel<TAccess>
    where TAccess : struct, IElementAccess
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("patches" + TAccess.Suffix, Run, GroupSize);

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

        int column = vector * TAccess.Width;
        int size = args.PatchSize;
        int channel = column / (size * size);
        int y = column / size % size;
        int x = column % size;
        for (int row = Grid.IdxY; row < args.Rows; row += Grid.DimY)
        {
            int image = row / (args.Across * args.Down);
            int pixelRow = (((image * args.Channels) + channel) * args.Down * size) + (row / args.Across % args.Down * size) + y;
            long pixel = (((long)pixelRow * args.PixelStride) + (row % args.Across * size) + x) / TAccess.Width;
            long patch = ((long)row * (args.PatchStride / TAccess.Width)) + vector;
            if (args.Folds != 0)
            {
                TAccess.Store(args.Pixels, pixel, TAccess.Load(args.Patches, patch));
            }
            else
            {
                TAccess.Store(args.Patches, patch, TAccess.Load(args.Pixels, pixel));
            }
        }
    }

    internal struct Args
    {
        public ArrayView<float> Pixels;
        public ArrayView<float> Patches;
        public int PixelStride;
        public int PatchStride;
        public int PatchSize;
        public int Channels;

        /// <summary>Patches from left to right.</summary>
        public int Across;

        /// <summary>Patches from top to bottom.</summary>
        public int Down;

        /// <summary>Rows of patches.</summary>
        public int Rows;

        /// <summary>Pixels of a patch.</summary>
        public int Columns;

        /// <summary>1: from patches to pixels.</summary>
        public int Folds;
    }
}
