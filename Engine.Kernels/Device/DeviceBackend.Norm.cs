namespace Engine.Kernels.Device;

/// <content>Normalisations.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    public void LayerNorm(in LayerNormArgs args)
    {
        args.Validate();
        if (_traits.HasShuffles)
        {
            LayerNorm<ShuffleReduction>(args);
        }
        else
        {
            LayerNorm<SharedReduction>(args);
        }
    }

    private void LayerNorm<TReduction>(in LayerNormArgs args)
        where TReduction : struct, IGroupReduction =>
        LayerNormKernel<TReduction>.Launch(_launcher, new()
        {
            X = Floats(args.X),
            Gamma = Floats(args.Gamma),
            Beta = Floats(args.Beta),
            Y = Floats(args.Y),
            Mean = Floats(args.Mean),
            ReciprocalDeviation = Floats(args.ReciprocalDeviation),
            XStride = args.X.RowStride,
            YStride = args.Y.RowStride,
            Rows = args.X.Rows,
            Columns = args.X.Columns,
            KeepsStatistics = args.Mean.IsNone ? 0 : 1,
            Epsilon = args.Epsilon,
        });
}
