namespace Engine.Kernels.Reference;

/// <content>Embeddings of images.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void ExtractPatches(TensorRef pixels, int patchSize, TensorRef patches)
    {
        EmbeddingOperands.CheckPatches("ExtractPatches", pixels, patchSize, patches);
        Elements from = new(pixels);
        Elements to = new(patches);
        for (int row = 0; row < to.Rows; row++)
        {
            for (int column = 0; column < to.Columns; column++)
            {
                (int pixelRow, int pixelColumn) = PixelOf(pixels.Shape, patchSize, row, column);
                to[row, column] = from[pixelRow, pixelColumn];
            }
        }
    }

    /// <inheritdoc/>
    public void FoldPatches(TensorRef patches, int patchSize, TensorRef pixels)
    {
        EmbeddingOperands.CheckPatches("FoldPatches", pixels, patchSize, patches);
        Elements from = new(patches);
        Elements to = new(pixels);
        for (int row = 0; row < from.Rows; row++)
        {
            for (int column = 0; column < from.Columns; column++)
            {
                (int pixelRow, int pixelColumn) = PixelOf(pixels.Shape, patchSize, row, column);
                to[pixelRow, pixelColumn] = from[row, column];
            }
        }
    }

    /// <inheritdoc/>
    public void AssembleTokens(TensorRef patches, TensorRef classToken, TensorRef positions, TensorRef output)
    {
        EmbeddingOperands.CheckAssembleTokens(patches, classToken, positions, output);
        int tokens = positions.Rows;
        Elements patch = new(patches);
        Elements first = new(classToken);
        Elements position = new(positions);
        Elements sum = new(output);
        for (int i = 0; i < sum.Rows; i++)
        {
            int token = i % tokens;
            for (int j = 0; j < sum.Columns; j++)
            {
                double content = token == 0 ? first[j] : patch[PatchRow(i, tokens), j];
                sum[i, j] = content + position[token, j];
            }
        }
    }

    /// <inheritdoc/>
    public void AssembleTokensBackward(
        TensorRef outputGradient,
        TensorRef patchesGradient,
        TensorRef classTokenGradient,
        TensorRef positionsGradient,
        bool accumulate = false)
    {
        int tokens = EmbeddingOperands.CheckAssembleTokensBackward(
            outputGradient, patchesGradient, classTokenGradient, positionsGradient);
        Elements dy = new(outputGradient);
        Elements dPatches = new(patchesGradient);
        for (int i = 0; i < dy.Rows && dPatches.Exist; i++)
        {
            for (int j = 0; j < dy.Columns && i % tokens > 0; j++)
            {
                dPatches[PatchRow(i, tokens), j] = dy[i, j];
            }
        }

        if (!classTokenGradient.IsNone)
        {
            SumOverImages(dy, tokens, 1, new Elements(classTokenGradient), accumulate);
        }

        if (!positionsGradient.IsNone)
        {
            SumOverImages(dy, tokens, tokens, new Elements(positionsGradient), accumulate);
        }
    }

    /// <summary>sums[t, j] = sum over images b of dy[b, t, j], for the first tokens t.</summary>
    private static void SumOverImages(Elements dy, int tokens, int count, Elements sums, bool accumulate)
    {
        for (int t = 0; t < count; t++)
        {
            for (int j = 0; j < dy.Columns; j++)
            {
                double sum = accumulate ? sums[t, j] : 0;
                for (int i = t; i < dy.Rows; i += tokens)
                {
                    sum += dy[i, j];
                }

                sums[t, j] = sum;
            }
        }
    }

    /// <summary>Row of the patch that is at row i among the tokens.</summary>
    private static int PatchRow(int i, int tokens) => (i / tokens * (tokens - 1)) + (i % tokens) - 1;

    /// <summary>Row (image, channel, y) and column x of the pixel at column (channel, y, x) of patch (image, py, px).</summary>
    private static (int Row, int Column) PixelOf(Shape pixels, int size, int patchRow, int patchColumn)
    {
        int across = pixels[3] / size;
        int down = pixels[2] / size;
        int image = patchRow / (across * down);
        int y = (patchRow / across % down * size) + (patchColumn / size % size);
        int x = (patchRow % across * size) + (patchColumn % size);
        int channel = patchColumn / (size * size);
        return ((((image * pixels[1]) + channel) * pixels[2]) + y, x);
    }
}
