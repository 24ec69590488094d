namespace Engine.Kernels.Host;

/// <content>Normalisations.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void LayerNorm(in LayerNormArgs args)
    {
        args.Validate();
        int rowsPerTile = ElementBlocks.RowsPerTile(args.X.Columns);
        Run(
            ElementBlocks.Count(args.X.Rows, rowsPerTile),
            new LayerNormForward
            {
                X = Floats(args.X),
                XStride = args.X.RowStride,
                Gamma = Floats(args.Gamma),
                Beta = Floats(args.Beta),
                Y = Floats(args.Y),
                YStride = args.Y.RowStride,
                Mean = Floats(args.Mean),
                ReciprocalDeviation = Floats(args.ReciprocalDeviation),
                Epsilon = args.Epsilon,
                Rows = args.X.Rows,
                Columns = args.X.Columns,
                RowsPerTile = rowsPerTile,
            });
    }

    /// <inheritdoc/>
    public void LayerNormBackward(in LayerNormBackwardArgs args)
    {
        args.Validate();
        int rows = args.X.Rows;
        int columns = args.X.Columns;
        int rowsPerTile = Host.LayerNormBackward.BlockRows(rows, columns);
        int blocks = ElementBlocks.Count(rows, rowsPerTile);
        float* partials = args.GammaGradient.IsNone ? null : _workspace.Floats((long)blocks * 2 * columns);
        Run(
            blocks,
            new LayerNormBackward
            {
                OutputGradient = Floats(args.OutputGradient),
                OutputGradientStride = args.OutputGradient.RowStride,
                X = Floats(args.X),
                XStride = args.X.RowStride,
                Gamma = Floats(args.Gamma),
                Mean = Floats(args.Mean),
                ReciprocalDeviation = Floats(args.ReciprocalDeviation),
                InputGradient = Floats(args.InputGradient),
                InputGradientStride = args.InputGradient.RowStride,
                Accumulate = args.AccumulateInputGradient,
                Partials = partials,
                Rows = rows,
                Columns = columns,
                RowsPerTile = rowsPerTile,
            });
        if (partials != null)
        {
            AddBlocks(partials, 2 * columns, blocks, args.GammaGradient, args.AccumulateParameterGradients);
            AddBlocks(partials + columns, 2 * columns, blocks, args.BetaGradient, args.AccumulateParameterGradients);
        }
    }

    /// <inheritdoc/>
    public void NormalizeRows(TensorRef x, TensorRef y, TensorRef norms)
    {
        OperandCheck check = new("NormalizeRows", x.DType);
        check.Matrix(nameof(y), y, x.Rows, x.Columns);
        check.Vector(nameof(norms), norms, x.Rows);
        int rowsPerTile = ElementBlocks.RowsPerTile(x.Columns);
        Run(
            ElementBlocks.Count(x.Rows, rowsPerTile),
            new NormalizeRowsForward
            {
                X = Floats(x),
                XStride = x.RowStride,
                Y = Floats(y),
                YStride = y.RowStride,
                Norms = Floats(norms),
                Rows = x.Rows,
                Columns = x.Columns,
                RowsPerTile = rowsPerTile,
            });
    }

    /// <inheritdoc/>
    public void NormalizeRowsBackward(TensorRef outputGradient, TensorRef y, TensorRef norms, TensorRef inputGradient)
    {
        OperandCheck check = new("NormalizeRowsBackward", y.DType);
        check.Matrix(nameof(outputGradient), outputGradient, y.Rows, y.Columns);
        check.Matrix(nameof(inputGradient), inputGradient, y.Rows, y.Columns);
        check.Vector(nameof(norms), norms, y.Rows);
        int rowsPerTile = ElementBlocks.RowsPerTile(y.Columns);
        Run(
            ElementBlocks.Count(y.Rows, rowsPerTile),
            new NormalizeRowsBackward
            {
                OutputGradient = Floats(outputGradient),
                OutputGradientStride = outputGradient.RowStride,
                Y = Floats(y),
                YStride = y.RowStride,
                Norms = Floats(norms),
                InputGradient = Floats(inputGradient),
                InputGradientStride = inputGradient.RowStride,
                Rows = y.Rows,
                Columns = y.Columns,
                RowsPerTile = rowsPerTile,
            });
    }

    private void AddBlocks(float* partials, int stride, int blocks, in TensorRef sums, bool accumulate)
    {
        int columns = (int)sums.ElementCount;
        Run(
            ElementBlocks.Count(columns, ColumnSums.TileColumns),
            new ColumnSums
            {
                Partials = partials,
                PartialStride = stride,
                Blocks = blocks,
                Sums = Floats(sums),
                Columns = columns,
                Accumulate = accumulate,
            });
    }
}
