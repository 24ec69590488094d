namespace Engine.Kernels.Host;

/// <content>Images.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void ExtractPatches(TensorRef pixels, int patchSize, TensorRef patches) =>
        CopyPatches("ExtractPatches", pixels, patchSize, patches, fold: false);

    /// <inheritdoc/>
    public void FoldPatches(TensorRef patches, int patchSize, TensorRef pixels) =>
        CopyPatches("FoldPatches", pixels, patchSize, patches, fold: true);

    /// <inheritdoc/>
    public void AssembleTokens(TensorRef patches, TensorRef classToken, TensorRef positions, TensorRef output)
    {
        OperandCheck check = new("AssembleTokens", output.DType);
        int tokens = positions.Rows;
        check.Matrix(nameof(positions), positions, tokens, output.Columns);
        check.That(tokens > 0 && output.Rows % tokens == 0, "rows of 'output' are a multiple of those of 'positions'");
        check.Matrix(nameof(patches), patches, output.Rows / tokens * (tokens - 1), output.Columns);
        check.Vector(nameof(classToken), classToken, output.Columns);
        int rowsPerTile = ElementBlocks.RowsPerTile(output.Columns);
        Run(
            ElementBlocks.Count(output.Rows, rowsPerTile),
            new AssembleTokensForward
            {
                Patches = Floats(patches),
                PatchStride = patches.RowStride,
                ClassToken = Floats(classToken),
                Positions = Floats(positions),
                PositionStride = positions.RowStride,
                Output = Floats(output),
                OutputStride = output.RowStride,
                SequenceLength = tokens,
                Rows = output.Rows,
                Columns = output.Columns,
                RowsPerTile = rowsPerTile,
            });
    }

    /// <inheritdoc/>
    public void AssembleTokensBackward(
        TensorRef outputGradient,
        TensorRef patchesGradient,
        TensorRef classTokenGradient,
        TensorRef positionsGradient,
        bool accumulate = false)
    {
        OperandCheck check = new("AssembleTokensBackward", outputGradient.DType);
        check.That(!patchesGradient.IsNone || !positionsGradient.IsNone, "patchesGradient or positionsGradient is given");
        int images = positionsGradient.IsNone
            ? outputGradient.Rows - patchesGradient.Rows
            : outputGradient.Rows / positionsGradient.Rows;
        check.That(images > 0 && outputGradient.Rows % images == 0, "rows of 'outputGradient' are a multiple of the number of images");
        int tokens = outputGradient.Rows / images;
        int columns = outputGradient.Columns;
        check.OptionalMatrix(nameof(patchesGradient), patchesGradient, images * (tokens - 1), columns);
        check.OptionalVector(nameof(classTokenGradient), classTokenGradient, columns);
        check.OptionalMatrix(nameof(positionsGradient), positionsGradient, tokens, columns);
        if (!patchesGradient.IsNone)
        {
            for (int image = 0; image < images && tokens > 1; image++)
            {
                Copy(
                    outputGradient.SliceRows((image * tokens) + 1, tokens - 1),
                    patchesGradient.SliceRows(image * (tokens - 1), tokens - 1));
            }
        }

        if (!classTokenGradient.IsNone)
        {
            SumOverBatch(outputGradient, tokens, classTokenGradient.Reshape(new Shape(1, columns)), accumulate);
        }

        if (!positionsGradient.IsNone)
        {
            SumOverBatch(outputGradient, tokens, positionsGradient, accumulate);
        }
    }

    private void CopyPatches(string op, in TensorRef pixels, int patchSize, in TensorRef patches, bool fold)
    {
        OperandCheck check = new(op, pixels.DType);
        check.That(pixels.Shape.Rank == 4, "pixels are [B, channels, height, width]");
        int channels = pixels.Shape[1];
        int height = pixels.Shape[2];
        int width = pixels.Shape[3];
        check.That(patchSize > 0 && height % patchSize == 0 && width % patchSize == 0, "the patch size divides height and width");
        int patchRows = pixels.Shape[0] * (height / patchSize);
        check.Matrix(nameof(patches), patches, patchRows * (width / patchSize), channels * patchSize * patchSize);
        int patchRowsPerTile = ElementBlocks.RowsPerTile(channels * patchSize * width);
        _pool.Run(
            ElementBlocks.Count(patchRows, patchRowsPerTile),
            new PatchCopy
            {
                Pixels = Floats(pixels),
                PixelStride = pixels.RowStride,
                Patches = Floats(patches),
                PatchStride = patches.RowStride,
                Fold = fold,
                Channels = channels,
                Height = height,
                Width = width,
                PatchSize = patchSize,
                PatchRows = patchRows,
                PatchRowsPerTile = patchRowsPerTile,
            });
    }
}
