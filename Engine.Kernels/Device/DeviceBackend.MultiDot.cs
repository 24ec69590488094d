using ILGPU;

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
        if (args.Result.Shape.Rank >= 2 && args.ChannelIsColumn)
        {
            MultiDotColumns<TBase, TBaseElement, TExpert, TElement>(args, run);
        }
        else
        {
            MultiDotRows<TBase, TBaseElement, TExpert, TElement>(args, run);
        }
    }

    private void MultiDotRows<TBase, TBaseElement, TExpert, TElement>(in MultiDotArgs args, RoutedRun run)
        where TBase : struct, IStorageFormat<TBaseElement>
        where TBaseElement : unmanaged
        where TExpert : struct, IStorageFormat<TElement>
        where TElement : unmanaged
    {
        bool isShared = args.Result.Shape.Rank < 2;
        int channels = isShared ? 1 : args.Gradient.Rows;
        int channelSize = isShared ? Count(args.Gradient) : args.Gradient.Columns;
        int segments = MultiDotSegments.Count(channelSize);
        ArrayView<float> partials = Scratch((long)channels * run.Count * segments);
        MultiDotKernel<TBase, TBaseElement, TExpert, TElement>.Launch(_launcher, new()
        {
            Gradient = Floats(args.Gradient),
            Base = View<TBaseElement>(args.Base),
            Experts = Views<TElement>(args.Experts.Slice(run.Start, run.Count)),
            Partials = partials,
            Channels = channels,
            ChannelSize = channelSize,
            Segments = segments,
            Count = run.Count,
            HasBase = args.Base.IsNone ? 0 : 1,
        });
        SumSegments(args, run, partials, channels, segments);
    }

    private void MultiDotColumns<TBase, TBaseElement, TExpert, TElement>(in MultiDotArgs args, RoutedRun run)
        where TBase : struct, IStorageFormat<TBaseElement>
        where TBaseElement : unmanaged
        where TExpert : struct, IStorageFormat<TElement>
        where TElement : unmanaged
    {
        int blockRows = MultiDotColumnsKernel<TBase, TBaseElement, TExpert, TElement>.BlockRows;
        int columns = args.Gradient.Columns;
        int blocks = (args.Gradient.Rows + blockRows - 1) / blockRows;
        ArrayView<float> partials = Scratch((long)columns * run.Count * blocks);
        MultiDotColumnsKernel<TBase, TBaseElement, TExpert, TElement>.Launch(_launcher, new()
        {
            Gradient = Floats(args.Gradient),
            Base = View<TBaseElement>(args.Base),
            Experts = Views<TElement>(args.Experts.Slice(run.Start, run.Count)),
            Partials = partials,
            Rows = args.Gradient.Rows,
            Columns = columns,
            Blocks = blocks,
            Count = run.Count,
            HasBase = args.Base.IsNone ? 0 : 1,
        });
        SumSegments(args, run, partials, columns, blocks);
    }

    private void SumSegments(in MultiDotArgs args, RoutedRun run, ArrayView<float> partials, int channels, int segments)
    {
        if (_traits.HasShuffles)
        {
            SumSegments<ShuffleReduction>(args, run, partials, channels, segments);
        }
        else
        {
            SumSegments<SharedReduction>(args, run, partials, channels, segments);
        }
    }

    private void SumSegments<TReduction>(in MultiDotArgs args, RoutedRun run, ArrayView<float> partials, int channels, int segments)
        where TReduction : struct, IGroupReduction =>
        SegmentSumKernel<TReduction>.Launch(_launcher, new()
        {
            Partials = partials,
            Result = Floats(args.Result),
            Channels = channels,
            Segments = segments,
            Count = run.Count,
            Experts = args.Experts.Length,
            FirstExpert = run.Start,
            Accumulate = args.Accumulate ? 1 : 0,
        });
}
