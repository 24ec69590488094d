using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// <see cref="WeightedSumKernel{TBase, TBaseElement, TExpert, TElement, TAccess}"/> with a routing channel per column, for aligned
/// operands. A group takes four columns per thread and <see cref="BlockRows"/> rows. It brings the weights of its columns, which lie expert
/// by expert
/// for each column, into shared memory first, column by column for each expert: read once, side by side.
/// </summary>
internal static class WeightedSumColumnsKernel<TBase, TBaseElement, TExpert, TElement>
    where TBase : struct, IStorageFormat<TBaseElement>
    where TBaseElement : unmanaged
    where TExpert : struct, IStorageFormat<TElement>
    where TElement : unmanaged
{
    // Weights are a few percent of what the rows read.
    private const int BlockRows = 16;
    private const int GroupSize = 64;
    private const int GroupColumns = GroupSize * Float4.Width;

    // From one expert's weights to the next; four more than the columns, so that neighbours in memory are written to different banks.
    private const int ExpertStride = GroupColumns + Float4.Width;

    public static readonly DeviceKernel<WeightedSumKernelArgs<TBaseElement, TElement>> Kernel = new(
        $"weighted_sum_columns_{StorageFormats.Name<TBase>()}_{StorageFormats.Name<TExpert>()}", Run, GroupSize);

    /// <summary>Enqueues the kernel; as many columns as vectors have.</summary>
    public static void Launch(IKernelLauncher launcher, in WeightedSumKernelArgs<TBaseElement, TElement> args) =>
        launcher.Launch(
            Kernel, LaunchGrid.Of(args.ChannelSize, GroupColumns, ((args.Elements / args.ChannelSize) + BlockRows - 1) / BlockRows), args);

    private static void Run(WeightedSumKernelArgs<TBaseElement, TElement> args)
    {
        ArrayView<float> weights = SharedMemory.Allocate<float>(RoutedRun.MostExperts * ExpertStride);
        int firstColumn = Grid.IdxX * GroupColumns;
        int columns = IntrinsicMath.Min(GroupColumns, args.ChannelSize - firstColumn);
        for (int i = Group.IdxX; i < columns * args.Count; i += GroupSize)
        {
            int column = i / args.Count;
            int expert = i % args.Count;
            weights[(expert * ExpertStride) + column] = args.Weights[((firstColumn + column) * args.WeightStride) + expert];
        }

        Group.Barrier();
        if (Group.IdxX * Float4.Width >= columns)
        {
            return;
        }

        int rows = args.Elements / args.ChannelSize;
        int rowVectors = args.ChannelSize / Float4.Width;
        for (int block = Grid.IdxY * BlockRows; block < rows; block += Grid.DimY * BlockRows)
        {
            int end = IntrinsicMath.Min(rows, block + BlockRows);
            for (int row = block; row < end; row++)
            {
                long vector = ((long)row * rowVectors) + (Grid.IdxX * GroupSize) + Group.IdxX;
                ExpertVectors experts = ExpertVectors.Load<VectorAccess, TExpert, TElement>(args.Experts, args.Count, vector);
                Float4 center = default;
                if (args.HasBase != 0)
                {
                    center = TBase.Load4(args.Base, vector);
                }

                Float4 sum = center;
                if (args.Continues != 0)
                {
                    sum = Float4.Load(args.Output, vector);
                }

                sum = ExpertVectors.WeightedSum<ColumnWeights>(
                    sum, experts, args.Count, center, weights, Group.IdxX, ExpertStride / Float4.Width);
                Float4.Store(args.Output, vector, sum);
            }
        }
    }
}
