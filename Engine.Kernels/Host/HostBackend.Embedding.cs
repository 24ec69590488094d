using System;

namespace Engine.Kernels.Host;

/// <content>Tokens and rows.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void EmbedTokens(TensorRef ids, TensorRef tokens, TensorRef positions, int firstPosition, TensorRef output)
    {
        OperandCheck check = new("EmbedTokens", output.DType);
        int rows = checked((int)ids.ElementCount);
        check.Vector(nameof(ids), ids, DType.I32, rows);
        check.Matrix(nameof(output), output, rows, tokens.Columns);
        check.StoredMatrix(nameof(tokens), tokens, tokens.Rows, tokens.Columns);
        check.Matrix(nameof(positions), positions, positions.Rows, tokens.Columns);
        check.That(firstPosition >= 0 && firstPosition + ids.Columns <= positions.Rows, "the positions reach as far as the tokens");
        CheckIndices("EmbedTokens", nameof(ids), ids, tokens.Rows);
        int rowsPerTile = ElementBlocks.RowsPerTile(tokens.Columns);
        Run(
            ElementBlocks.Count(rows, rowsPerTile),
            new EmbedTokensForward
            {
                Ids = Ints(ids),
                Tokens = Describe(tokens),
                TokenStride = tokens.RowStride,
                Positions = Floats(positions) + ((long)firstPosition * positions.RowStride),
                PositionStride = positions.RowStride,
                Output = Floats(output),
                OutputStride = output.RowStride,
                SequenceLength = ids.Columns,
                Rows = rows,
                Columns = tokens.Columns,
                RowsPerTile = rowsPerTile,
            });
    }

    /// <inheritdoc/>
    public void EmbedTokensBackward(
        TensorRef ids,
        TensorRef outputGradient,
        TensorRef tokensGradient,
        TensorRef positionsGradient,
        bool accumulateTokens = false,
        bool accumulatePositions = false)
    {
        OperandCheck check = new("EmbedTokensBackward", outputGradient.DType);
        int rows = checked((int)ids.ElementCount);
        check.Vector(nameof(ids), ids, DType.I32, rows);
        check.Matrix(nameof(outputGradient), outputGradient, rows, outputGradient.Columns);
        check.OptionalMatrix(nameof(tokensGradient), tokensGradient, tokensGradient.Rows, outputGradient.Columns);
        check.OptionalMatrix(nameof(positionsGradient), positionsGradient, positionsGradient.Rows, outputGradient.Columns);
        if (!tokensGradient.IsNone)
        {
            CheckIndices("EmbedTokensBackward", nameof(ids), ids, tokensGradient.Rows);
            ScatterAdd(outputGradient, ids, tokensGradient, accumulateTokens);
        }

        if (!positionsGradient.IsNone)
        {
            check.That(ids.Columns <= positionsGradient.Rows, "the positions reach as far as the tokens");
            SumOverBatch(outputGradient, ids.Columns, positionsGradient, accumulatePositions);
        }
    }

    /// <inheritdoc/>
    public void GatherRows(TensorRef x, TensorRef indices, TensorRef y)
    {
        OperandCheck check = new("GatherRows", x.DType);
        check.Vector(nameof(indices), indices, DType.I32, y.Rows);
        check.Matrix(nameof(y), y, y.Rows, x.Columns);
        CheckIndices("GatherRows", nameof(indices), indices, x.Rows);
        int rowsPerTile = ElementBlocks.RowsPerTile(x.Columns);
        _pool.Run(
            ElementBlocks.Count(y.Rows, rowsPerTile),
            new GatherRowsForward
            {
                X = Floats(x),
                XStride = x.RowStride,
                Indices = Ints(indices),
                Y = Floats(y),
                YStride = y.RowStride,
                Rows = y.Rows,
                Columns = x.Columns,
                RowsPerTile = rowsPerTile,
            });
    }

    /// <inheritdoc/>
    public void ScatterRows(TensorRef outputGradient, TensorRef indices, TensorRef inputGradient)
    {
        OperandCheck check = new("ScatterRows", outputGradient.DType);
        check.Vector(nameof(indices), indices, DType.I32, outputGradient.Rows);
        check.Matrix(nameof(inputGradient), inputGradient, inputGradient.Rows, outputGradient.Columns);
        CheckIndices("ScatterRows", nameof(indices), indices, inputGradient.Rows);
        ScatterAdd(outputGradient, indices, inputGradient, accumulate: false);
    }

    private void ScatterAdd(in TensorRef source, in TensorRef indices, in TensorRef destination, bool accumulate)
    {
        if (!accumulate)
        {
            Fill(destination, 0f);
        }

        Run(
            ElementBlocks.Count(source.Columns, ScatterAddRows.TileColumns),
            new ScatterAddRows
            {
                Source = Floats(source),
                SourceStride = source.RowStride,
                Indices = Ints(indices),
                Destination = Floats(destination),
                DestinationStride = destination.RowStride,
                Rows = source.Rows,
                Columns = source.Columns,
            });
    }

    private void SumOverBatch(in TensorRef source, int sequenceLength, in TensorRef destination, bool accumulate)
    {
        int rowsPerTile = ElementBlocks.RowsPerTile(source.Columns * Math.Max(1, source.Rows / sequenceLength));
        Run(
            ElementBlocks.Count(destination.Rows, rowsPerTile),
            new BatchSums
            {
                Source = Floats(source),
                SourceStride = source.RowStride,
                Batch = source.Rows / sequenceLength,
                SequenceLength = sequenceLength,
                Destination = Floats(destination),
                DestinationStride = destination.RowStride,
                Rows = destination.Rows,
                Columns = source.Columns,
                RowsPerTile = rowsPerTile,
                Accumulate = accumulate,
            });
    }
}
