namespace Engine.Kernels;

/// <summary>What all backends check of the operands of <see cref="IEmbeddingOps"/>.</summary>
internal static class EmbeddingOperands
{
    /// <summary>Checks <see cref="IEmbeddingOps.EmbedTokens"/>.</summary>
    public static void CheckEmbedTokens(
        in TensorRef ids, in TensorRef tokens, in TensorRef positions, int firstPosition, in TensorRef output)
    {
        OperandCheck check = new("EmbedTokens", output.DType);
        check.Vector(nameof(ids), ids, DType.I32, output.Rows);
        check.StoredMatrix(nameof(tokens), tokens, tokens.Rows, output.Columns);
        check.Matrix(nameof(positions), positions, positions.Rows, output.Columns);
        check.That(firstPosition >= 0 && firstPosition + ids.Columns <= positions.Rows, "the positions reach as far as the tokens");
    }

    /// <summary>Checks <see cref="IEmbeddingOps.EmbedTokensBackward"/>.</summary>
    public static void CheckEmbedTokensBackward(
        in TensorRef ids, in TensorRef outputGradient, in TensorRef tokensGradient, in TensorRef positionsGradient)
    {
        OperandCheck check = new("EmbedTokensBackward", outputGradient.DType);
        check.Vector(nameof(ids), ids, DType.I32, outputGradient.Rows);
        check.OptionalMatrix(nameof(tokensGradient), tokensGradient, tokensGradient.Rows, outputGradient.Columns);
        check.OptionalMatrix(nameof(positionsGradient), positionsGradient, positionsGradient.Rows, outputGradient.Columns);
        check.That(
            positionsGradient.IsNone || ids.Columns <= positionsGradient.Rows, "the positions reach as far as the tokens");
    }

    /// <summary>Checks <see cref="IEmbeddingOps.GatherRows"/>.</summary>
    public static void CheckGatherRows(in TensorRef x, in TensorRef indices, in TensorRef y)
    {
        OperandCheck check = new("GatherRows", x.DType);
        check.Vector(nameof(indices), indices, DType.I32, y.Rows);
        check.Matrix(nameof(y), y, y.Rows, x.Columns);
    }

    /// <summary>Checks <see cref="IEmbeddingOps.ScatterRows"/>.</summary>
    public static void CheckScatterRows(in TensorRef outputGradient, in TensorRef indices, in TensorRef inputGradient)
    {
        OperandCheck check = new("ScatterRows", outputGradient.DType);
        check.Vector(nameof(indices), indices, DType.I32, outputGradient.Rows);
        check.Matrix(nameof(inputGradient), inputGradient, inputGradient.Rows, outputGradient.Columns);
    }

    /// <summary>Checks <see cref="IEmbeddingOps.ExtractPatches"/> and <see cref="IEmbeddingOps.FoldPatches"/>.</summary>
    public static void CheckPatches(string op, in TensorRef pixels, int patchSize, in TensorRef patches)
    {
        OperandCheck check = new(op, pixels.DType);
        check.That(pixels.Shape.Rank == 4, "pixels are [B, channels, height, width]");
        int height = pixels.Shape[2];
        int width = pixels.Shape[3];
        check.That(patchSize > 0 && height % patchSize == 0 && width % patchSize == 0, "the patch size divides height and width");
        int count = pixels.Shape[0] * (height / patchSize) * (width / patchSize);
        check.Matrix(nameof(patches), patches, count, pixels.Shape[1] * patchSize * patchSize);
    }

    /// <summary>Checks <see cref="IEmbeddingOps.AssembleTokens"/>.</summary>
    public static void CheckAssembleTokens(in TensorRef patches, in TensorRef classToken, in TensorRef positions, in TensorRef output)
    {
        OperandCheck check = new("AssembleTokens", output.DType);
        int tokens = positions.Rows;
        check.Matrix(nameof(positions), positions, tokens, output.Columns);
        check.That(tokens > 0 && output.Rows % tokens == 0, "rows of 'output' are a multiple of those of 'positions'");
        check.Matrix(nameof(patches), patches, output.Rows / tokens * (tokens - 1), output.Columns);
        check.Vector(nameof(classToken), classToken, output.Columns);
    }

    /// <summary>Checks <see cref="IEmbeddingOps.AssembleTokensBackward"/>.</summary>
    /// <returns>Tokens per image, which the operand of patches or that of positions tells.</returns>
    public static int CheckAssembleTokensBackward(
        in TensorRef outputGradient, in TensorRef patchesGradient, in TensorRef classTokenGradient, in TensorRef positionsGradient)
    {
        OperandCheck check = new("AssembleTokensBackward", outputGradient.DType);
        check.That(!patchesGradient.IsNone || !positionsGradient.IsNone, "patchesGradient or positionsGradient is given");
        int images = positionsGradient.IsNone
            ? outputGradient.Rows - patchesGradient.Rows
            : outputGradient.Rows / positionsGradient.Rows;
        check.That(images > 0 && outputGradient.Rows % images == 0, "rows of 'outputGradient' are a multiple of the number of images");
        int tokens = outputGradient.Rows / images;
        check.OptionalMatrix(nameof(patchesGradient), patchesGradient, images * (tokens - 1), outputGradient.Columns);
        check.OptionalVector(nameof(classTokenGradient), classTokenGradient, outputGradient.Columns);
        check.OptionalMatrix(nameof(positionsGradient), positionsGradient, tokens, outputGradient.Columns);
        return tokens;
    }
}
