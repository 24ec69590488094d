using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// patches[(b, py, px), (channel, y, x)] = pixels[b, channel, py size + y, px size + x], or the inverse. 8 bytes per pixel, one thread
/// each;
/// neighbouring threads take neighbouring pixels of a patch's row.
/// </summary>
internal static class PatchesKernel
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("patches", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Columns, GroupSize, args.Rows), args);

    private static void Run(Args args)
    {
        int column = Grid.GlobalIndex.X;
        if (column >= args.Columns)
        {
            return;
        }

        int size = args.PatchSize;
        int channel = column / (size * size);
        int y = column / size % size;
        int x = column % size;
        for (int row = Grid.IdxY; row < args.Rows; row += Grid.DimY)
        {
            int image = row / (args.Across * args.Down);
            int pixelRow = (((image * args.Channels) + channel) * args.Down * size) + (row / args.Across % args.Down * size) + y;
            long pixel = ((long)pixelRow * args.PixelStride) + (row % args.Across * size) + x;
            long patch = ((long)row * args.PatchStride) + column;
            if (args.Folds != 0)
            {
                args.Pixels[pixel] = args.Patches[patch];
            }
            else
            {
                args.Patches[patch] = args.Pixels[pixel];
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
