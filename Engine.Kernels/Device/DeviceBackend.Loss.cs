namespace Engine.Kernels.Device;

/// <content>Losses.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    public void CrossEntropy(in CrossEntropyArgs args)
    {
        args.Validate();
        if (_traits.HasShuffles)
        {
            CrossEntropy<ShuffleReduction>(args);
        }
        else
        {
            CrossEntropy<SharedReduction>(args);
        }
    }

    /// <inheritdoc/>
    public void SquaredError(TensorRef predictions, TensorRef targets, TensorRef losses, TensorRef gradient, double gradientScale)
    {
        OperandCheck check = new("SquaredError", predictions.DType);
        int count = Count(predictions);
        check.Vector(nameof(predictions), predictions, count);
        check.Vector(nameof(targets), targets, count);
        check.Vector(nameof(losses), losses, count);
        check.OptionalVector(nameof(gradient), gradient, count);
        SquaredErrorKernel.Launch(_launcher, new()
        {
            Predictions = Floats(predictions),
            Targets = Floats(targets),
            Losses = Floats(losses),
            Gradient = Floats(gradient),
            Count = count,
            WantsGradient = gradient.IsNone ? 0 : 1,
            GradientScale = (float)gradientScale,
        });
    }

    /// <inheritdoc/>
    public void ArgMax(TensorRef x, TensorRef indices)
    {
        OperandCheck check = new("ArgMax", x.DType);
        check.Matrix(nameof(x), x, x.Rows, x.Columns);
        check.Vector(nameof(indices), indices, DType.I32, x.Rows);
        ArgMaxKernel.Launch(_launcher, new()
        {
            X = Floats(x),
            Indices = Integers(indices),
            Stride = x.RowStride,
            Rows = x.Rows,
            Columns = x.Columns,
        });
    }

    private void CrossEntropy<TReduction>(in CrossEntropyArgs args)
        where TReduction : struct, IGroupReduction
    {
        if (AreRowsAligned(args.Logits, args.Gradient))
        {
            CrossEntropy<TReduction, VectorAccess>(args);
        }
        else
        {
            CrossEntropy<TReduction, ScalarAccess>(args);
        }
    }

    private void CrossEntropy<TReduction, TAccess>(in CrossEntropyArgs args)
        where TReduction : struct, IGroupReduction
        where TAccess : struct, IElementAccess =>
        CrossEntropyKernel<TReduction, TAccess>.Launch(_launcher, new()
        {
            Logits = Floats(args.Logits),
            Labels = Integers(args.Labels),
            Losses = Floats(args.Losses),
            Gradient = Floats(args.Gradient),
            LogitStride = args.Logits.RowStride,
            GradientStride = args.Gradient.RowStride,
            Rows = args.Logits.Rows,
            Columns = args.Logits.Columns,
            WantsGradient = args.Gradient.IsNone ? 0 : 1,
            GradientScale = (float)args.GradientScale,
        });
}
