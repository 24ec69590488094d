using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// One segment of rows of g_i[column] = sum over rows of gradient (expert_i - base), i = 1 .. n, for channels that are columns;
/// <see cref="SegmentSumKernel"/> adds the segments up. 3nP flops, (n + 2) 4P bytes: memory-bound. A thread takes one column, or four
/// where rows are aligned, and meets no other.
/// </summary>
internal static class MultiDotColumnsKernel<TBase, TBaseElement, TExpert, TElement, TAccess>
    where TBase : struct, IStorageFormat<TBaseElement>
    where TBaseElement : unmanaged
    where TExpert : struct, IStorageFormat<TElement>
    where TElement : unmanaged
    where TAccess : struct, IElementAccess
{
    /// <summary>Rows per segment. Depends on nothing, so that results do not either.</summary>
    public const int SegmentRows = 32;

    private const int GroupSize = 64;

    public static readonly DeviceKernel<MultiDotKernelArgs<TBaseElement, TElement>> Kernel = new(
        $"multi_dot_columns_{StorageFormats.Name<TBase>()}_{StorageFormats.Name<TExpert>()}{TAccess.Suffix}", Run, GroupSize);

    /// <summary>Enqueues the kernel; as many columns as vectors have.</summary>
    public static void Launch(IKernelLauncher launcher, in MultiDotKernelArgs<TBaseElement, TElement> args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Channels / TAccess.Width, GroupSize, args.Segments), args);

    private static void Run(MultiDotKernelArgs<TBaseElement, TElement> args)
    {
        int rowVectors = args.Channels / TAccess.Width;
        int column = Grid.GlobalIndex.X;
        if (column >= rowVectors)
        {
            return;
        }

        for (int segment = Grid.IdxY; segment < args.Segments; segment += Grid.DimY)
        {
            int end = IntrinsicMath.Min(args.ChannelSize, (segment + 1) * args.SegmentSize);
            ExpertVectors dots = default;
            for (int row = segment * args.SegmentSize; row < end; row++)
            {
                long vector = ((long)row * rowVectors) + column;
                Float4 gradient = TAccess.Load(args.Gradient, vector);
                Float4 center = default;
                if (args.HasBase != 0)
                {
                    center = TAccess.Load<TBase, TBaseElement>(args.Base, vector);
                }

                ExpertVectors experts = ExpertVectors.Load<TAccess, TExpert, TElement>(args.Experts, args.Count, vector);
                dots = ExpertVectors.AddProducts(dots, experts, args.Count, center, gradient);
            }

            ExpertVectors.Store<TAccess>(
                args.Partials, args.Count, ((long)segment * args.Count * rowVectors) + column, rowVectors, dots);
        }
    }
}
