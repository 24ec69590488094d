using System;

namespace Engine.Kernels.Host;

/// <content>Weighted sums of task vectors and their gradients.</content>
public sealed unsafe partial class HostBackend
{
    // A uniform dot is cut into pieces of this many elements, but never into more than MaxPieces.
    private const int PieceElements = 32768;
    private const int MaxPieces = 1024;

    /// <inheritdoc/>
    public void WeightedSum(in WeightedSumArgs args)
    {
        args.Validate();
        int experts = args.Experts.Length;
        RoutingLayout layout = Layout(args.Weights, args.ChannelIsColumn);
        int columns = args.Output.Columns;
        long blockedBytes = layout == RoutingLayout.Column ? ColumnBlocks.Count(columns, experts) * sizeof(float) : 0;
        float* weights = Floats(args.Weights);
        float* blocked = (float*)_workspace.Shared(blockedBytes + ((long)experts * sizeof(StoredOperand)));
        StoredOperand* operands = (StoredOperand*)((byte*)blocked + blockedBytes);
        Describe(args.Experts, operands);
        if (layout == RoutingLayout.Column)
        {
            BlockWeights(weights, columns, experts, blocked);
            weights = blocked;
        }

        long count = args.Output.ElementCount;
        int rowLength = layout == RoutingLayout.Uniform ? WeightedSumTiles.TileElements : Math.Max(1, columns);
        int rowsPerTile = Math.Max(1, WeightedSumTiles.TileElements / rowLength);
        Run(
            ElementBlocks.Count((int)((count + rowLength - 1) / rowLength), rowsPerTile),
            new WeightedSumTiles
            {
                Base = Describe(args.Base),
                Experts = operands,
                ExpertCount = experts,
                Weights = weights,
                Layout = layout,
                Output = Floats(args.Output),
                RowLength = rowLength,
                RowsPerTile = rowsPerTile,
                Count = count,
                Scratch = _workspace.PerWorker(_pool.Workers, WeightedSumTiles.Segment * sizeof(float)),
            });
    }

    /// <inheritdoc/>
    public void MultiDot(in MultiDotArgs args)
    {
        args.Validate();
        switch (Layout(args.Result, args.ChannelIsColumn))
        {
            case RoutingLayout.Column:
                DotColumns(args);
                break;
            case RoutingLayout.Row:
                DotRows(args, args.Gradient.Columns, args.Gradient.Rows);
                break;
            default:
                long count = args.Gradient.ElementCount;
                long piece = Math.Max(PieceElements, (count + MaxPieces - 1) / MaxPieces);
                DotRows(args, piece, (int)((count + piece - 1) / piece));
                break;
        }
    }

    /// <summary>Dots of rows (channels or pieces), then the rows' sums into the result.</summary>
    private void DotRows(in MultiDotArgs args, long rowLength, int rows)
    {
        int experts = args.Experts.Length;
        StoredOperand* operands = (StoredOperand*)_workspace.Shared(
            (long)experts * (sizeof(StoredOperand) + ((long)rows * sizeof(double))));
        Describe(args.Experts, operands);
        double* sums = (double*)(operands + experts);
        int rowsPerTile = (int)Math.Max(1, PieceElements / Math.Max(1, rowLength));
        Run(
            ElementBlocks.Count(rows, rowsPerTile),
            new MultiDotRows
            {
                Gradient = Floats(args.Gradient),
                Base = Describe(args.Base),
                Experts = operands,
                ExpertCount = experts,
                Sums = sums,
                RowLength = rowLength,
                Rows = rows,
                RowsPerTile = rowsPerTile,
                Count = args.Gradient.ElementCount,
                Scratch = _workspace.PerWorker(_pool.Workers, MultiDotRows.ScratchBytes(experts)),
            });

        // Pieces of a uniform dot are added up in order; channels each have a result of their own.
        float* result = Floats(args.Result);
        int results = (int)args.Result.ElementCount;
        for (int i = 0; i < results; i++)
        {
            double sum = args.Accumulate ? result[i] : 0;
            for (long j = i; j < (long)rows * experts; j += results)
            {
                sum += sums[j];
            }

            result[i] = (float)sum;
        }
    }

    private void DotColumns(in MultiDotArgs args)
    {
        int experts = args.Experts.Length;
        int rows = args.Gradient.Rows;
        int columns = args.Gradient.Columns;
        int blocks = ElementBlocks.Count(rows, MultiDotColumns.RowsPerTile(rows));
        long sumBytes = blocks * ColumnBlocks.Count(columns, experts) * sizeof(double);
        double* sums = (double*)_workspace.Shared(sumBytes + ((long)experts * sizeof(StoredOperand)));
        StoredOperand* operands = (StoredOperand*)((byte*)sums + sumBytes);
        Describe(args.Experts, operands);
        Run(
            blocks,
            new MultiDotColumns
            {
                Gradient = Floats(args.Gradient),
                Base = Describe(args.Base),
                Experts = operands,
                ExpertCount = experts,
                Sums = sums,
                Rows = rows,
                Columns = columns,
                Scratch = _workspace.PerWorker(_pool.Workers, MultiDotColumns.ScratchBytes(columns, experts)),
            });
        _pool.Run(
            ElementBlocks.Count(columns, MultiDotColumnResults.TileColumns),
            new MultiDotColumnResults
            {
                Sums = sums,
                Blocks = blocks,
                ExpertCount = experts,
                Result = Floats(args.Result),
                Columns = columns,
                Accumulate = args.Accumulate,
            });
    }

    private static RoutingLayout Layout(in TensorRef routing, bool channelIsColumn) =>
        routing.Shape.Rank < 2 ? RoutingLayout.Uniform : channelIsColumn ? RoutingLayout.Column : RoutingLayout.Row;

    private static StoredOperand Describe(in TensorRef stored) => stored.IsNone ? default : new StoredOperand(Bytes(stored), stored.DType);

    private static void Describe(ReadOnlySpan<TensorRef> stored, StoredOperand* operands)
    {
        for (int i = 0; i < stored.Length; i++)
        {
            operands[i] = Describe(stored[i]);
        }
    }

    /// <summary>Weights [columns, n] in <see cref="ColumnBlocks"/>, so that those of neighbouring columns load as a register.</summary>
    private static void BlockWeights(float* weights, int columns, int experts, float* blocked)
    {
        for (int column = 0; column < columns; column++)
        {
            for (int k = 0; k < experts; k++)
            {
                blocked[ColumnBlocks.IndexOf(column, k, experts)] = weights[((long)column * experts) + k];
            }
        }
    }
}
