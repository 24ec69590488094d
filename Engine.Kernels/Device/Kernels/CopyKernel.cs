using System;
using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// y[r, c] = x[r, c], converted from one storage format to another. Bytes: those of x and of y. A thread takes
/// <see cref="LoadsPerThread"/> vectors of a row and loads all before it stores the first; where rows begin at multiples of sixteen bytes,
/// a vector of float32 has sixteen, one of a 16-bit format eight.
/// </summary>
internal static class CopyKernel<TFrom, TFromElement, TTo, TToElement, TAccess>
    where TFrom : struct, IStorageFormat<TFromElement>
    where TFromElement : unmanaged
    where TTo : struct, IStorageFormat<TToElement>
    where TToElement : unmanaged
    where TAccess : struct, IElementAccess
{
    private const int GroupSize = 256;
    private const int LoadsPerThread = 4;

    public static readonly DeviceKernel<CopyKernelArgs<TFromElement, TToElement>> Kernel = new(
        $"copy_{StorageFormats.Name<TFrom>()}_{StorageFormats.Name<TTo>()}{TAccess.Suffix}", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in CopyKernelArgs<TFromElement, TToElement> args) =>
        launcher.Launch(
            Kernel, LaunchGrid.Of(Math.Max(args.Columns / TAccess.Width, 1), LoadsPerThread * GroupSize, args.Rows), args);

    private static void Run(CopyKernelArgs<TFromElement, TToElement> args)
    {
        int vectors = args.Columns / TAccess.Width;
        int first = (Grid.IdxX * LoadsPerThread * GroupSize) + Group.IdxX;
        for (int row = Grid.IdxY; row < args.Rows; row += Grid.DimY)
        {
            long x = ((long)row * (args.XStride / TAccess.Width)) + first;
            long y = ((long)row * (args.YStride / TAccess.Width)) + first;
            if (first + ((LoadsPerThread - 1) * GroupSize) < vectors)
            {
                Float4 value0 = TAccess.Load<TFrom, TFromElement>(args.X, x);
                Float4 value1 = TAccess.Load<TFrom, TFromElement>(args.X, x + GroupSize);
                Float4 value2 = TAccess.Load<TFrom, TFromElement>(args.X, x + (2 * GroupSize));
                Float4 value3 = TAccess.Load<TFrom, TFromElement>(args.X, x + (3 * GroupSize));
                TAccess.Store<TTo, TToElement>(args.Y, y, value0);
                TAccess.Store<TTo, TToElement>(args.Y, y + GroupSize, value1);
                TAccess.Store<TTo, TToElement>(args.Y, y + (2 * GroupSize), value2);
                TAccess.Store<TTo, TToElement>(args.Y, y + (3 * GroupSize), value3);
            }
            else
            {
                for (int vector = 0; first + vector < vectors; vector += GroupSize)
                {
                    TAccess.Store<TTo, TToElement>(args.Y, y + vector, TAccess.Load<TFrom, TFromElement>(args.X, x + vector));
                }
            }

            // Up to three elements behind the last vector.
            int column = (vectors * TAccess.Width) + first;
            if (column < args.Columns)
            {
                TTo.Store(args.Y, ((long)row * args.YStride) + column, TFrom.Load(args.X, ((long)row * args.XStride) + column));
            }
        }
    }
}
