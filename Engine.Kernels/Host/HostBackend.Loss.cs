namespace Engine.Kernels.Host;

/// <content>Losses.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void CrossEntropy(in CrossEntropyArgs args)
    {
        args.Validate();
        CheckIndices("CrossEntropy", nameof(args.Labels), args.Labels, args.Logits.Columns, ignorable: true);
        int rowsPerTile = ElementBlocks.RowsPerTile(args.Logits.Columns);
        Run(
            ElementBlocks.Count(args.Logits.Rows, rowsPerTile),
            new CrossEntropyRows
            {
                Logits = Floats(args.Logits),
                LogitStride = args.Logits.RowStride,
                Labels = Ints(args.Labels),
                Losses = Floats(args.Losses),
                Gradient = Floats(args.Gradient),
                GradientStride = args.Gradient.RowStride,
                GradientScale = (float)args.GradientScale,
                Rows = args.Logits.Rows,
                Columns = args.Logits.Columns,
                RowsPerTile = rowsPerTile,
            });
    }

    /// <inheritdoc/>
    public void SquaredError(TensorRef predictions, TensorRef targets, TensorRef losses, TensorRef gradient, double gradientScale)
    {
        OperandCheck check = new("SquaredError", predictions.DType);
        int count = checked((int)predictions.ElementCount);
        check.Vector(nameof(predictions), predictions, count);
        check.Vector(nameof(targets), targets, count);
        check.Vector(nameof(losses), losses, count);
        check.OptionalVector(nameof(gradient), gradient, count);
        Run(
            ElementBlocks.Count(count),
            new SquaredErrors
            {
                Predictions = Floats(predictions),
                Targets = Floats(targets),
                Losses = Floats(losses),
                Gradient = Floats(gradient),
                GradientScale = (float)gradientScale,
                Count = count,
            });
    }

    /// <inheritdoc/>
    public void ArgMax(TensorRef x, TensorRef indices)
    {
        OperandCheck check = new("ArgMax", x.DType);
        check.Vector(nameof(indices), indices, DType.I32, x.Rows);
        int rowsPerTile = ElementBlocks.RowsPerTile(x.Columns);
        Run(
            ElementBlocks.Count(x.Rows, rowsPerTile),
            new ArgMaxRows
            {
                X = Floats(x),
                XStride = x.RowStride,
                Indices = Ints(indices),
                Rows = x.Rows,
                Columns = x.Columns,
                RowsPerTile = rowsPerTile,
            });
    }

    /// <summary>Kernels address memory by these numbers, so a wrong one must not reach them.</summary>
    /// <param name="op">For the message.</param>
    /// <param name="operand">For the message.</param>
    /// <param name="indices">I32, contiguous.</param>
    /// <param name="limit">Indices lie below.</param>
    /// <param name="ignorable">Whether <see cref="CrossEntropyArgs.IgnoreLabel"/> is allowed too.</param>
    private static void CheckIndices(string op, string operand, in TensorRef indices, int limit, bool ignorable = false)
    {
        int* values = Ints(indices);
        for (long i = 0; i < indices.ElementCount; i++)
        {
            if ((uint)values[i] >= (uint)limit && !(ignorable && values[i] == CrossEntropyArgs.IgnoreLabel))
            {
                Fail($"{op}: operand '{operand}' {indices} holds {values[i]} at element {i}, expected 0 to {limit - 1}.");
            }
        }
    }
}
