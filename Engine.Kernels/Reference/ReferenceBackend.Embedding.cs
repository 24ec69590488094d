namespace Engine.Kernels.Reference;

/// <content>Embeddings of tokens, and picking rows.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void EmbedTokens(TensorRef ids, TensorRef tokens, TensorRef positions, int firstPosition, TensorRef output)
    {
        EmbeddingOperands.CheckEmbedTokens(ids, tokens, positions, firstPosition, output);
        Indices id = new(ids);
        Elements token = new(tokens);
        Elements position = new(positions);
        Elements sum = new(output);
        for (int i = 0; i < sum.Rows; i++)
        {
            for (int j = 0; j < sum.Columns; j++)
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
        EmbeddingOperands.CheckEmbedTokensBackward(ids, outputGradient, tokensGradient, positionsGradient);
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
        EmbeddingOperands.CheckGatherRows(x, indices, y);
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
        EmbeddingOperands.CheckScatterRows(outputGradient, indices, inputGradient);
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
