namespace Engine.Kernels.Device;

/// <content>The n-way dot product.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    public void MultiDot(in MultiDotArgs args)
    {
        args.Validate();
        for (RoutedRun run = RoutedRun.First(args.Experts); run.Count > 0; run = run.Next(args.Experts))
        {
            switch (args.Base.IsNone ? DType.F32 : args.Base.DType)
            {
                case DType.F32:
                    MultiDot<Float32Format, float>(args, run);
                    break;
                case DType.BF16:
                    MultiDot<BFloat16Format, ushort>(args, run);
                    break;
                default:
                    MultiDot<Float16Format, ushort>(args, run);
                    break;
            }
        }
    }

    private void MultiDot<TBase, TBaseElement>(in MultiDotArgs args, RoutedRun run)
        where TBase : struct, IStorageFormat<TBaseElement>
        where TBaseElement : unmanaged
    {
        switch (run.DType)
        {
            case DType.F32:
                MultiDot<TBase, TBaseElement, Float32Format, float>(args, run);
                break;
            case DType.BF16:
                MultiDot<TBase, TBaseElement, BFloat16Format, ushort>(args, run);
                break;
            default:
                MultiDot<TBase, TBaseElement, Float16Format, ushort>(args, run);
                break;
        }
    }

    private void MultiDot<TBase, TBaseElement, TExpert, TElement>(in MultiDotArgs args, RoutedRun run)
        where TBase : struct, IStorageFormat<TBaseElement>
        where TBaseElement : unmanaged
        where TExpert : struct, IStorageFormat<TElement>
        where TElement : unmanaged
    {
        bool isShared = args.Result.Shape.Rank < 2;
        bool isAligned = AreAligned(args.Gradient, args.Base) != 0
            && AreAligned(args.Experts.Slice(run.Start, run.Count)) != 0
            && (isShared ? Count(args.Gradient) : args.Gradient.Columns) % Float4.Width == 0;
        if (isAligned)
        {
            MultiDot<TBase, TBaseElement, TExpert, TElement, VectorAccess>(args, run, isShared);
        }
        else
        {
            MultiDot<TBase, TBaseElement, TExpert, TElement, ScalarAccess>(args, run, isShared);
        }
    }

    private void MultiDot<TBase, TBaseElement, TExpert, TElement, TAccess>(in MultiDotArgs args, RoutedRun run, bool isShared)
        where TBase : struct, IStorageFormat<TBaseElement>
        where TBaseElement : unmanaged
        where TExpert : struct, IStorageFormat<TElement>
        where TElement : unmanaged
        where TAccess : struct, IElementAccess
    {
        bool areColumns = !isShared && args.ChannelIsColumn;
        int channels = isShared ? 1 : areColumns ? args.Gradient.Columns : args.Gradient.Rows;
        int channelSize = isShared ? Count(args.Gradient) : areColumns ? args.Gradient.Rows : args.Gradient.Columns;
        int segmentSize = areColumns
            ? MultiDotColumnsKernel<TBase, TBaseElement, TExpert, TElement, TAccess>.SegmentRows
            : MultiDotSegments.Elements(channelSize);
        int segments = (int)(((long)channelSize + segmentSize - 1) / segmentSize);
        MultiDotKernelArgs<TBaseElement, TElement> kernel = new()
        {
            Gradient = Floats(args.Gradient),
            Base = View<TBaseElement>(args.Base),
            Experts = Views<TElement>(args.Experts.Slice(run.Start, run.Count)),
            Partials = Scratch((long)segments * run.Count * channels),
            Channels = channels,
            ChannelSize = channelSize,
            Segments = segments,
            SegmentSize = segmentSize,
            Count = run.Count,
            HasBase = args.Base.IsNone ? 0 : 1,
        };
        if (areColumns)
        {
            MultiDotColumnsKernel<TBase, TBaseElement, TExpert, TElement, TAccess>.Launch(_launcher, kernel);
        }
        else
        {
            MultiDotKernel<TBase, TBaseElement, TExpert, TElement, TAccess>.Launch(_launcher, kernel);
        }

        SegmentSumKernel.Launch(_launcher, new()
        {
            Partials = kernel.Partials,
            Result = Floats(args.Result),
            Channels = channels,
            Segments = segments,
            Count = run.Count,
            Experts = args.Experts.Length,
            FirstExpert = run.Start,
            Accumulate = args.Accumulate ? 1 : 0,
        });
    }
}
