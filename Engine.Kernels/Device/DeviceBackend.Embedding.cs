namespace Engine.Kernels.Device;

/// <content>Tokens, patches and rows.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    public void EmbedTokens(TensorRef ids, TensorRef tokens, TensorRef positions, int firstPosition, TensorRef output)
    {
        EmbeddingOperands.CheckEmbedTokens(ids, tokens, positions, firstPosition, output);
        if (tokens.DType == DType.BF16)
        {
            EmbedTokens<BFloat16Format, ushort>(ids, tokens, positions, firstPosition, output);
        }
        else
        {
            EmbedTokens<Float32Format, float>(ids, tokens, positions, firstPosition, output);
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
        if (!tokensGradient.IsNone)
        {
            ScatterAdd(outputGradient, ids, tokensGradient, accumulateTokens);
        }

        if (!positionsGradient.IsNone)
        {
            if (!accumulatePositions && positionsGradient.Rows > ids.Columns)
            {
                Fill(positionsGradient, 0);
            }

            SumOverSamples(outputGradient, ids.Columns, positionsGradient.SliceRows(0, ids.Columns), accumulatePositions);
        }
    }

    /// <inheritdoc/>
    public void ExtractPatches(TensorRef pixels, int patchSize, TensorRef patches) =>
        MovePatches("ExtractPatches", pixels, patchSize, patches, folds: false);

    /// <inheritdoc/>
    public void FoldPatches(TensorRef patches, int patchSize, TensorRef pixels) =>
        MovePatches("FoldPatches", pixels, patchSize, patches, folds: true);

    /// <inheritdoc/>
    public void AssembleTokens(TensorRef patches, TensorRef classToken, TensorRef positions, TensorRef output)
    {
        EmbeddingOperands.CheckAssembleTokens(patches, classToken, positions, output);
        AssembleTokensKernel.Launch(_launcher, new()
        {
            Patches = Floats(patches),
            ClassToken = Floats(classToken),
            Positions = Floats(positions),
            Output = Floats(output),
            PatchStride = patches.RowStride,
            PositionStride = positions.RowStride,
            OutputStride = output.RowStride,
            Tokens = positions.Rows,
            Rows = output.Rows,
            Columns = output.Columns,
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
        int tokens = EmbeddingOperands.CheckAssembleTokensBackward(
            outputGradient, patchesGradient, classTokenGradient, positionsGradient);
        if (!patchesGradient.IsNone)
        {
            PatchTokensKernel.Launch(_launcher, new()
            {
                X = Floats(outputGradient),
                Patches = Floats(patchesGradient),
                XStride = outputGradient.RowStride,
                PatchStride = patchesGradient.RowStride,
                Tokens = tokens,
                Rows = patchesGradient.Rows,
                Columns = patchesGradient.Columns,
            });
        }

        if (!classTokenGradient.IsNone)
        {
            SumOverSamples(outputGradient, tokens, classTokenGradient.Reshape(new Shape(1, outputGradient.Columns)), accumulate);
        }

        if (!positionsGradient.IsNone)
        {
            SumOverSamples(outputGradient, tokens, positionsGradient, accumulate);
        }
    }

    /// <inheritdoc/>
    public void GatherRows(TensorRef x, TensorRef indices, TensorRef y)
    {
        EmbeddingOperands.CheckGatherRows(x, indices, y);
        GatherRowsKernel.Launch(_launcher, new()
        {
            X = Floats(x),
            Indices = Integers(indices),
            Y = Floats(y),
            XStride = x.RowStride,
            YStride = y.RowStride,
            SourceRows = x.Rows,
            Rows = y.Rows,
            Columns = y.Columns,
        });
    }

    /// <inheritdoc/>
    public void ScatterRows(TensorRef outputGradient, TensorRef indices, TensorRef inputGradient)
    {
        EmbeddingOperands.CheckScatterRows(outputGradient, indices, inputGradient);
        ScatterAdd(outputGradient, indices, inputGradient, accumulate: false);
    }

    private void EmbedTokens<TFormat, TElement>(
        in TensorRef ids, in TensorRef tokens, in TensorRef positions, int firstPosition, in TensorRef output)
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged =>
        EmbedTokensKernel<TFormat, TElement>.Launch(_launcher, new()
        {
            Ids = Integers(ids),
            TokenTable = View<TElement>(tokens),
            Positions = Floats(positions),
            Output = Floats(output),
            TokenStride = tokens.RowStride,
            PositionStride = positions.RowStride,
            OutputStride = output.RowStride,
            Vocabulary = tokens.Rows,
            FirstPosition = firstPosition,
            Tokens = ids.Columns,
            Rows = output.Rows,
            Columns = output.Columns,
        });

    private void ScatterAdd(in TensorRef source, in TensorRef indices, in TensorRef sums, bool accumulate)
    {
        if (!accumulate)
        {
            Fill(sums, 0);
        }

        ScatterAddRowsKernel.Launch(_launcher, new()
        {
            X = Floats(source),
            Indices = Integers(indices),
            Sums = Floats(sums),
            XStride = source.RowStride,
            SumStride = sums.RowStride,
            SumRows = sums.Rows,
            Rows = source.Rows,
            Columns = source.Columns,
        });
    }

    private void SumOverSamples(in TensorRef source, int tokens, in TensorRef sums, bool accumulate) =>
        BatchSumKernel.Launch(_launcher, new()
        {
            X = Floats(source),
            Sums = Floats(sums),
            XStride = source.RowStride,
            SumStride = sums.RowStride,
            Samples = source.Rows / tokens,
            Tokens = tokens,
            SummedTokens = sums.Rows,
            Columns = source.Columns,
            Accumulate = accumulate ? 1 : 0,
        });

    private void MovePatches(string op, in TensorRef pixels, int patchSize, in TensorRef patches, bool folds)
    {
        EmbeddingOperands.CheckPatches(op, pixels, patchSize, patches);
        PatchesKernel.Launch(_launcher, new()
        {
            Pixels = Floats(pixels),
            Patches = Floats(patches),
            PixelStride = pixels.RowStride,
            PatchStride = patches.RowStride,
            PatchSize = patchSize,
            Channels = pixels.Shape[1],
            Across = pixels.Shape[3] / patchSize,
            Down = pixels.Shape[2] / patchSize,
            Rows = patches.Rows,
            Columns = patches.Columns,
            Folds = folds ? 1 : 0,
        });
    }
}
