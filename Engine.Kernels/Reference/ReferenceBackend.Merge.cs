namespace Engine.Kernels.Reference;

/// <content>Merging.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void WeightedSum(in WeightedSumArgs args)
    {
        args.Validate();
        Elements output = new(args.Output);
        Elements stored = new(args.Base);
        Elements weights = new(args.Weights);
        int experts = args.Experts.Length;
        for (long e = 0; e < output.Count; e++)
        {
            long channel = Channel(args.Weights, output, args.ChannelIsColumn, e);
            double sum = stored.Exist ? stored[e] : 0;
            for (int i = 0; i < experts; i++)
            {
                sum += weights[(channel * experts) + i] * TaskVector(args.Output.DType, stored, new Elements(args.Experts[i]), e);
            }

            output[e] = sum;
        }
    }

    /// <inheritdoc/>
    public void MultiDot(in MultiDotArgs args)
    {
        args.Validate();
        Elements gradient = new(args.Gradient);
        Elements stored = new(args.Base);
        Elements result = new(args.Result);
        int experts = args.Experts.Length;
        double[] sums = new double[result.Count];
        for (long e = 0; e < gradient.Count; e++)
        {
            long channel = Channel(args.Result, gradient, args.ChannelIsColumn, e);
            for (int i = 0; i < experts; i++)
            {
                sums[(channel * experts) + i] +=
                    gradient[e] * TaskVector(args.Gradient.DType, stored, new Elements(args.Experts[i]), e);
            }
        }

        for (int i = 0; i < sums.Length; i++)
        {
            result[i] = sums[i] + (args.Accumulate ? result[i] : 0);
        }
    }

    /// <summary>expert - base, rounded to float32 if that is the compute type; the expert itself without a base.</summary>
    private static double TaskVector(DType compute, Elements stored, Elements expert, long element)
    {
        double difference = stored.Exist ? expert[element] - stored[element] : expert[element];
        return compute == DType.F32 ? (float)difference : difference;
    }

    /// <summary>Row of the routing weights that an element belongs to: 0 if they are the same for all channels.</summary>
    private static long Channel(in TensorRef routing, Elements dense, bool channelIsColumn, long element) =>
        routing.Shape.Rank < 2 ? 0 : channelIsColumn ? element % dense.Columns : element / dense.Columns;
}
