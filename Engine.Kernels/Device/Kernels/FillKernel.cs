using System;
using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// x[r, c] = value, in any storage format. Bytes: those of x. A thread writes one element, or four at once where rows begin at multiples of
/// sixteen bytes.
/// </summary>
internal static class FillKernel<TFormat, TElement, TAccess>
    where TFormat : struct, IStorageFormat<TElement>
    where TElement : unmanaged
    where TAccess : struct, IElementAccess
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<FillKernelArgs<TElement>> Kernel = new(
        $"fill_{StorageFormats.Name<TFormat>()}{TAccess.Suffix}", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in FillKernelArgs<TElement> args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(Math.Max(args.Columns / TAccess.Width, 1), GroupSize, args.Rows), args);

    private static void Run(FillKernelArgs<TElement> args)
    {
        int vectors = args.Columns / TAccess.Width;
        int vector = Grid.GlobalIndex.X;
        for (int row = Grid.IdxY; row < args.Rows; row += Grid.DimY)
        {
            if (vector < vectors)
            {
                TAccess.Store<TFormat, TElement>(
                    args.X, ((long)row * (args.XStride / TAccess.Width)) + vector, Float4.Broadcast(args.Value));
            }

            // Up to three elements behind the last vector.
            int column = (vectors * TAccess.Width) + vector;
            if (column < args.Columns)
            {
                TFormat.Store(args.X, ((long)row * args.XStride) + column, args.Value);
            }
        }
    }
}
