using ILGPU;

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

    /// <inheritdoc/>
    public void LayerNormBackward(in LayerNormBackwardArgs args)
    {
        args.Validate();

        // The parameter gradients read dy before it may be overwritten in place.
        if (!args.GammaGradient.IsNone)
        {
            LayerNormParameterGradients(args);
        }

        if (args.InputGradient.IsNone)
        {
            return;
        }

        if (_traits.HasShuffles)
        {
            LayerNormInputGradient<ShuffleReduction>(args);
        }
        else
        {
            LayerNormInputGradient<SharedReduction>(args);
        }
    }

    /// <inheritdoc/>
    public void NormalizeRows(TensorRef x, TensorRef y, TensorRef norms)
    {
        OperandCheck check = new("NormalizeRows", x.DType);
        check.Matrix(nameof(y), y, x.Rows, x.Columns);
        check.Vector(nameof(norms), norms, x.Rows);
        if (_traits.HasShuffles)
        {
            NormalizeRows<ShuffleReduction>(x, y, norms);
        }
        else
        {
            NormalizeRows<SharedReduction>(x, y, norms);
        }
    }

    /// <inheritdoc/>
    public void NormalizeRowsBackward(TensorRef outputGradient, TensorRef y, TensorRef norms, TensorRef inputGradient)
    {
        OperandCheck check = new("NormalizeRowsBackward", y.DType);
        check.Matrix(nameof(outputGradient), outputGradient, y.Rows, y.Columns);
        check.Matrix(nameof(inputGradient), inputGradient, y.Rows, y.Columns);
        check.Vector(nameof(norms), norms, y.Rows);
        if (_traits.HasShuffles)
        {
            NormalizeRowsBackward<ShuffleReduction>(outputGradient, y, norms, inputGradient);
        }
        else
        {
            NormalizeRowsBackward<SharedReduction>(outputGradient, y, norms, inputGradient);
        }
    }

    private void LayerNorm<TReduction>(in LayerNormArgs args)
        where TReduction : struct, IGroupReduction
    {
        if (AreRowsAligned(args.X, args.Gamma, args.Beta, args.Y))
        {
            LayerNorm<TReduction, VectorAccess>(args);
        }
        else
        {
            LayerNorm<TReduction, ScalarAccess>(args);
        }
    }

    private void LayerNorm<TReduction, TAccess>(in LayerNormArgs args)
        where TReduction : struct, IGroupReduction
        where TAccess : struct, IElementAccess =>
        LayerNormKernel<TReduction, TAccess>.Launch(_launcher, new()
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

    private void LayerNormInputGradient<TReduction>(in LayerNormBackwardArgs args)
        where TReduction : struct, IGroupReduction
    {
        if (AreRowsAligned(args.OutputGradient, args.X, args.Gamma, args.InputGradient))
        {
            LayerNormInputGradient<TReduction, VectorAccess>(args);
        }
        else
        {
            LayerNormInputGradient<TReduction, ScalarAccess>(args);
        }
    }

    private void LayerNormInputGradient<TReduction, TAccess>(in LayerNormBackwardArgs args)
        where TReduction : struct, IGroupReduction
        where TAccess : struct, IElementAccess =>
        LayerNormBackwardKernel<TReduction, TAccess>.Launch(_launcher, new()
        {
            OutputGradient = Floats(args.OutputGradient),
            X = Floats(args.X),
            Gamma = Floats(args.Gamma),
            Mean = Floats(args.Mean),
            ReciprocalDeviation = Floats(args.ReciprocalDeviation),
            InputGradient = Floats(args.InputGradient),
            OutputGradientStride = args.OutputGradient.RowStride,
            XStride = args.X.RowStride,
            InputGradientStride = args.InputGradient.RowStride,
            Rows = args.X.Rows,
            Columns = args.X.Columns,
            Accumulate = args.AccumulateInputGradient ? 1 : 0,
        });

    private void LayerNormParameterGradients(in LayerNormBackwardArgs args)
    {
        int columns = args.X.Columns;
        int blocks = (args.X.Rows + LayerNormParameterGradientArgs.BlockRows - 1) / LayerNormParameterGradientArgs.BlockRows;
        ArrayView<float> partials = Scratch(blocks * 2L * columns);
        LayerNormParameterGradientArgs kernel = new()
        {
            OutputGradient = Floats(args.OutputGradient),
            X = Floats(args.X),
            Mean = Floats(args.Mean),
            ReciprocalDeviation = Floats(args.ReciprocalDeviation),
            Partials = partials,
            OutputGradientStride = args.OutputGradient.RowStride,
            XStride = args.X.RowStride,
            Rows = args.X.Rows,
            Columns = columns,
            Blocks = blocks,
        };
        if (AreRowsAligned(args.OutputGradient, args.X))
        {
            LayerNormParameterGradientKernel<VectorAccess>.Launch(_launcher, kernel);
        }
        else
        {
            LayerNormParameterGradientKernel<ScalarAccess>.Launch(_launcher, kernel);
        }

        SumBlocks(partials, 2 * columns, blocks, args.GammaGradient, args.AccumulateParameterGradients);
        SumBlocks(partials.SubView(columns), 2 * columns, blocks, args.BetaGradient, args.AccumulateParameterGradients);
    }

    private void SumBlocks(ArrayView<float> partials, int stride, int blocks, in TensorRef sums, bool accumulate) =>
        ColumnSumKernel.Launch(_launcher, new()
        {
            X = partials,
            Y = Floats(sums),
            XStride = stride,
            Blocks = blocks,
            Columns = Count(sums),
            Accumulate = accumulate ? 1 : 0,
        });

    private void NormalizeRows<TReduction>(in TensorRef x, in TensorRef y, in TensorRef norms)
        where TReduction : struct, IGroupReduction
    {
        if (AreRowsAligned(x, y))
        {
            NormalizeRows<TReduction, VectorAccess>(x, y, norms);
        }
        else
        {
            NormalizeRows<TReduction, ScalarAccess>(x, y, norms);
        }
    }

    private void NormalizeRows<TReduction, TAccess>(in TensorRef x, in TensorRef y, in TensorRef norms)
        where TReduction : struct, IGroupReduction
        where TAccess : struct, IElementAccess =>
        NormalizeRowsKernel<TReduction, TAccess>.Launch(_launcher, new()
        {
            X = Floats(x),
            Y = Floats(y),
            Norms = Floats(norms),
            XStride = x.RowStride,
            YStride = y.RowStride,
            Rows = x.Rows,
            Columns = x.Columns,
        });

    private void NormalizeRowsBackward<TReduction>(
        in TensorRef outputGradient, in TensorRef y, in TensorRef norms, in TensorRef inputGradient)
        where TReduction : struct, IGroupReduction
    {
        if (AreRowsAligned(outputGradient, y, inputGradient))
        {
            NormalizeRowsBackward<TReduction, VectorAccess>(outputGradient, y, norms, inputGradient);
        }
        else
        {
            NormalizeRowsBackward<TReduction, ScalarAccess>(outputGradient, y, norms, inputGradient);
        }
    }

    private void NormalizeRowsBackward<TReduction, TAccess>(
        in TensorRef outputGradient, in TensorRef y, in TensorRef norms, in TensorRef inputGradient)
        where TReduction : struct, IGroupReduction
        where TAccess : struct, IElementAccess =>
        NormalizeRowsBackwardKernel<TReduction, TAccess>.Launch(_launcher, new()
        {
            OutputGradient = Floats(outputGradient),
            Y = Floats(y),
            Norms = Floats(norms),
            InputGradient = Floats(inputGradient),
            OutputGradientStride = outputGradient.RowStride,
            YStride = y.RowStride,
            InputGradientStride = inputGradient.RowStride,
            Rows = y.Rows,
            Columns = y.Columns,
        });
}
