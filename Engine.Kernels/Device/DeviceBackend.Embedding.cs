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
        if (AreRowsAligned(patches, classToken, positions, output))
        {
            AssembleTokens<VectorAccess>(patches, classToken, positions, output);
        }
        else
        {
            AssembleTokens<ScalarAccess>(patches, classToken, positions, output);
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
        if (!patchesGradient.IsNone)
        {
            if (AreRowsAligned(outputGradient, patchesGradient))
            {
                PatchTokens<VectorAccess>(outputGradient, tokens, patchesGradient);
            }
            else
            {
                PatchTokens<ScalarAccess>(outputGradient, tokens, patchesGradient);
            }
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
        if (AreRowsAligned(x, y))
        {
            GatherRows<VectorAccess>(x, indices, y);
        }
        else
        {
            GatherRows<ScalarAccess>(x, indices, y);
        }
    }

    /// <inheritdoc/>
    public void ScatterRows(TensorRef outputGradient, TensorRef indices, TensorRef inputGradient)
    {
        EmbeddingOperands.CheckScatterRows(outputGradient, indices, inputGradient);
        ScatterAdd(outputGradient, indices, inputGradient, accumulate: false);
    }

    private void AssembleTokens<TAccess>(in TensorRef patches, in TensorRef classToken, in TensorRef positions, in TensorRef output)
        where TAccess : struct, IElementAccess =>
        AssembleTokensKernel<TAccess>.Launch(_launcher, new()
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

    private void PatchTokens<TAccess>(in TensorRef outputGradient, int tokens, in TensorRef patchesGradient)
        where TAccess : struct, IElementAccess =>
        PatchTokensKernel<TAccess>.Launch(_launcher, new()
        {
            X = Floats(outputGradient),
            Patches = Floats(patchesGradient),
            XStride = outputGradient.RowStride,
            PatchStride = patchesGradient.RowStride,
            Tokens = tokens,
            Rows = patchesGradient.Rows,
            Columns = patchesGradient.Columns,
        });

    private void GatherRows<TAccess>(in TensorRef x, in TensorRef indices, in TensorRef y)
        where TAccess : struct, IElementAccess =>
        GatherRowsKernel<TAccess>.Launch(_launcher, new()
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

    private void EmbedTokens<TFormat, TElement>(
        in TensorRef ids, in TensorRef tokens, in TensorRef positions, int firstPosition, in TensorRef output)
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged
    {
        if (AreRowsAligned(tokens, positions, output))
        {
            EmbedTokens<TFormat, TElement, VectorAccess>(ids, tokens, positions, firstPosition, output);
        }
        else
        {
            EmbedTokens<TFormat, TElement, ScalarAccess>(ids, tokens, positions, firstPosition, output);
        }
    }

    private void EmbedTokens<TFormat, TElement, TAccess>(
        in TensorRef ids, in TensorRef tokens, in TensorRef positions, int firstPosition, in TensorRef output)
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged
        where TAccess : struct, IElementAccess =>
        EmbedTokensKernel<TFormat, TElement, TAccess>.Launch(_launcher, new()
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
        if (patchSize % Float4.Width == 0 && AreRowsAligned(pixels, patches))
        {
            MovePatches<VectorAccess>(pixels, patchSize, patches, folds);
        }
        else
        {
            MovePatches<ScalarAccess>(pixels, patchSize, patches, folds);
        }
    }

    private void MovePatches<TAccess>(in TensorRef pixels, int patchSize, in TensorRef patches, bool folds)
        where TAccess : struct, IElementAccess =>
        PatchesKernel<TAccess>.Launch(_launcher, new()
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
