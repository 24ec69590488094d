namespace Engine.Kernels.Reference;

/// <content>Embeddings of tokens, and picking rows.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void EmbedTokens(TensorRef ids, TensorRef tokens, TensorRef positions, int firstPosition, TensorRef output)
    {
        OperandCheck check = new("EmbedTokens", output.DType);
        int columns = output.Columns;
        check.Vector(nameof(ids), ids, DType.I32, output.Rows);
        check.StoredMatrix(nameof(tokens), tokens, tokens.Rows, columns);
        check.Matrix(nameof(positions), positions, positions.Rows, columns);
        check.That(firstPosition >= 0 && firstPosition + ids.Columns <= positions.Rows, "every token has a row of 'positions'");
        Indices id = new(ids);
        Elements token = new(tokens);
        Elements position = new(positions);
        Elements sum = new(output);
        for (int i = 0; i < sum.Rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                sum[i, j] = token[id.Below(token.Rows, i), j] + position[firstPosition + (i % ids.Columns), j];
            }
        }
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
        check.Vector(nameof(ids), ids, DType.I32, outputGradient.Rows);
        check.OptionalMatrix(nameof(tokensGradient), tokensGradient, tokensGradient.Rows, outputGradient.Columns);
        check.OptionalMatrix(nameof(positionsGradient), positionsGradient, positionsGradient.Rows, outputGradient.Columns);
        Elements dy = new(outputGradient);
        if (!tokensGradient.IsNone)
        {
            Indices id = new(ids);
            int[] rows = new int[dy.Rows];
            for (int i = 0; i < rows.Length; i++)
            {
                rows[i] = id.Below(tokensGradient.Rows, i);
            }

            AddRows(dy, rows, new Elements(tokensGradient), accumulateTokens);
        }

        if (!positionsGradient.IsNone)
        {
            check.That(ids.Columns <= positionsGradient.Rows, "every token has a row of 'positionsGradient'");
            int[] rows = new int[dy.Rows];
            for (int i = 0; i < rows.Length; i++)
            {
                rows[i] = i % ids.Columns;
            }

            AddRows(dy, rows, new Elements(positionsGradient), accumulatePositions);
        }
    }

    /// <inheritdoc/>
    public void GatherRows(TensorRef x, TensorRef indices, TensorRef y)
    {
        OperandCheck check = new("GatherRows", x.DType);
        check.Matrix(nameof(x), x, x.Rows, x.Columns);
        check.Vector(nameof(indices), indices, DType.I32, y.Rows);
        check.Matrix(nameof(y), y, y.Rows, x.Columns);
        Indices index = new(indices);
        Elements input = new(x);
        Elements output = new(y);
        for (int i = 0; i < output.Rows; i++)
        {
            for (int j = 0; j < output.Columns; j++)
            {
                output[i, j] = input[index.Below(input.Rows, i), j];
            }
        }
    }

    /// <inheritdoc/>
    public void ScatterRows(TensorRef outputGradient, TensorRef indices, TensorRef inputGradient)
    {
        OperandCheck check = new("ScatterRows", outputGradient.DType);
        check.Matrix(nameof(outputGradient), outputGradient, outputGradient.Rows, outputGradient.Columns);
        check.Vector(nameof(indices), indices, DType.I32, outputGradient.Rows);
        check.Matrix(nameof(inputGradient), inputGradient, inputGradient.Rows, outputGradient.Columns);
        Indices index = new(indices);
        int[] rows = new int[outputGradient.Rows];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = index.Below(inputGradient.Rows, i);
        }

        AddRows(new Elements(outputGradient), rows, new Elements(inputGradient), accumulate: false);
    }

    /// <summary>sums[rows[i]] += x[i] for all i, from zero unless accumulated; each sum is rounded once.</summary>
    private static void AddRows(Elements x, int[] rows, Elements sums, bool accumulate)
    {
        double[] column = new double[sums.Rows];
        for (int j = 0; j < x.Columns; j++)
        {
            for (int row = 0; row < column.Length; row++)
            {
                column[row] = accumulate ? sums[row, j] : 0;
            }

            for (int i = 0; i < rows.Length; i++)
            {
                column[rows[i]] += x[i, j];
            }

            for (int row = 0; row < column.Length; row++)
            {
                sums[row, j] = column[row];
            }
        }
    }
}
