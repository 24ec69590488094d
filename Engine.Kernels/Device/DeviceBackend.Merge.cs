using System;

namespace Engine.Kernels.Device;

/// <content>Weighted sums of task vectors. One launch takes up to eight experts of one dtype; more experts take several.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    public void WeightedSum(in WeightedSumArgs args)
    {
        args.Validate();
        RoutedRun run = RoutedRun.First(args.Experts);
        TensorRef center = args.Base;
        if (run.Count < args.Experts.Length && center.Buffer == args.Output.Buffer && center.ByteOffset == args.Output.ByteOffset)
        {
            center = CopyToScratch(center);
        }

        for (; run.Count > 0; run = run.Next(args.Experts))
        {
            WeightedSum(args, center, run);
        }
    }

    private void WeightedSum(in WeightedSumArgs args, in TensorRef center, RoutedRun run)
    {
        switch (center.IsNone ? DType.F32 : center.DType)
        {
            case DType.F32:
                WeightedSum<Float32Format, float>(args, center, run);
                break;
            case DType.BF16:
                WeightedSum<BFloat16Format, ushort>(args, center, run);
                break;
            default:
                WeightedSum<Float16Format, ushort>(args, center, run);
                break;
        }
    }

    private void WeightedSum<TBase, TBaseElement>(in WeightedSumArgs args, in TensorRef center, RoutedRun run)
        where TBase : struct, IStorageFormat<TBaseElement>
        where TBaseElement : unmanaged
    {
        switch (run.DType)
        {
            case DType.F32:
                WeightedSum<TBase, TBaseElement, Float32Format, float>(args, center, run);
                break;
            case DType.BF16:
                WeightedSum<TBase, TBaseElement, BFloat16Format, ushort>(args, center, run);
                break;
            default:
                WeightedSum<TBase, TBaseElement, Float16Format, ushort>(args, center, run);
                break;
        }
    }

    private void WeightedSum<TBase, TBaseElement, TExpert, TElement>(in WeightedSumArgs args, in TensorRef center, RoutedRun run)
        where TBase : struct, IStorageFormat<TBaseElement>
        where TBaseElement : unmanaged
        where TExpert : struct, IStorageFormat<TElement>
        where TElement : unmanaged
    {
        int elements = Count(args.Output);
        bool isShared = args.Weights.Shape.Rank < 2;
        ReadOnlySpan<TensorRef> experts = args.Experts.Slice(run.Start, run.Count);
        WeightedSumKernelArgs<TBaseElement, TElement> kernel = new()
        {
            Base = View<TBaseElement>(center),
            Experts = Views<TElement>(experts),
            Weights = Floats(args.Weights).SubView(run.Start),
            Output = Floats(args.Output),
            Elements = elements,
            Count = run.Count,
            HasBase = center.IsNone ? 0 : 1,
            Continues = run.Start > 0 ? 1 : 0,
            ChannelSize = isShared ? Math.Max(elements, 1) : args.Output.Columns,
            ChannelIsColumn = !isShared && args.ChannelIsColumn ? 1 : 0,
            WeightStride = isShared ? 0 : args.Experts.Length,
        };
        bool isAligned = AreAligned(center, args.Output) != 0
            && AreAligned(experts) != 0
            && (isShared ? elements : args.Output.Columns) % Float4.Width == 0;
        if (!isAligned)
        {
            WeightedSumKernel<TBase, TBaseElement, TExpert, TElement, ScalarAccess>.Launch(_launcher, kernel);
        }
        else if (kernel.ChannelIsColumn != 0)
        {
            WeightedSumColumnsKernel<TBase, TBaseElement, TExpert, TElement>.Launch(_launcher, kernel);
        }
        else
        {
            WeightedSumKernel<TBase, TBaseElement, TExpert, TElement, VectorAccess>.Launch(_launcher, kernel);
        }
    }

    /// <summary>Views of up to eight experts; the first one in the places of those that are not there.</summary>
    private ExpertViews<TElement> Views<TElement>(ReadOnlySpan<TensorRef> experts)
        where TElement : unmanaged => new()
    {
        E0 = View<TElement>(experts[0]),
        E1 = View<TElement>(experts[experts.Length > 1 ? 1 : 0]),
        E2 = View<TElement>(experts[experts.Length > 2 ? 2 : 0]),
        E3 = View<TElement>(experts[experts.Length > 3 ? 3 : 0]),
        E4 = View<TElement>(experts[experts.Length > 4 ? 4 : 0]),
        E5 = View<TElement>(experts[experts.Length > 5 ? 5 : 0]),
        E6 = View<TElement>(experts[experts.Length > 6 ? 6 : 0]),
        E7 = View<TElement>(experts[experts.Length > 7 ? 7 : 0]),
    };

    private TensorRef CopyToScratch(in TensorRef tensor)
    {
        _ = Scratch(((tensor.ElementCount * tensor.DType.SizeInBytes()) + sizeof(float) - 1) / sizeof(float));
        TensorRef copy = new(_scratch!, 0, tensor.DType, tensor.Shape, tensor.Name!);
        Copy(tensor, copy);
        return copy;
    }
}
