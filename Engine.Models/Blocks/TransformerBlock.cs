using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// One pre-norm transformer block, the same for ViT, CLIP and GPT-2:
/// m = x + attention(norm1(x)); out = m + mlp(norm2(m)).
/// R = B * T rows come in; where the last block's features are one row per sample, only these G = B rows go on after keys and values
/// (<see cref="BlockRows"/>), otherwise G = R.
/// </summary>
internal sealed class TransformerBlock
{
    private readonly TransformerGeometry _geometry;

    public TransformerBlock(TransformerGeometry geometry) => _geometry = geometry;

    public required LayerNorm Norm1 { get; init; }

    /// <summary>C to 3C.</summary>
    public required QueryKeyValueLayer QueryKeyValue { get; init; }

    /// <summary>C to C.</summary>
    public required Linear Projection { get; init; }

    public required LayerNorm Norm2 { get; init; }

    /// <summary>C to F.</summary>
    public required Linear Expand { get; init; }

    /// <summary>F to C.</summary>
    public required Linear Contract { get; init; }

    /// <summary>Computes the block.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="parameters">The backbone's parameters.</param>
    /// <param name="x">Input [R, C].</param>
    /// <param name="rows">The G rows that go on.</param>
    /// <param name="kept">Receives what is kept.</param>
    /// <param name="scratch">Memory that all blocks share.</param>
    /// <returns>Output [G, C]: <see cref="BlockActivations.Output"/>, or <paramref name="x"/> overwritten.</returns>
    public TensorRef Forward(
        IBackend backend, ParameterSet parameters, TensorRef x, in BlockRows rows, BlockActivations kept, BlockScratch scratch)
    {
        Norm1.Forward(backend, parameters, x, scratch.Width, kept.Mean1, kept.ReciprocalDeviation1);
        QueryKeyValue.Forward(backend, parameters, scratch.Width, rows, kept.QueryKeyValue);
        backend.Attention(AttentionOf(kept, rows));
        TensorRef residual = rows.Of(backend, x, kept.Middle);
        backend.Gemm(Projection.Forward(parameters, rows.Scratch.Attended, kept.Middle) with { Residual = residual });
        TensorRef output = kept.Output.IsNone ? x : kept.Output;
        Mlp(backend, parameters, kept, rows.Scratch, output);
        return output;
    }

    /// <summary>The second half of the forward pass: output [G, C] = m + mlp(norm2(m)).</summary>
    public void Mlp(IBackend backend, ParameterSet parameters, BlockActivations kept, BlockScratch scratch, TensorRef output)
    {
        Norm2.Forward(backend, parameters, kept.Middle, scratch.Width, kept.Mean2, kept.ReciprocalDeviation2);
        backend.Gemm(Expand.Forward(parameters, scratch.Width, scratch.Hidden) with
        {
            Activation = _geometry.Activation,
            PreActivation = kept.PreActivation,
        });
        backend.Gemm(Contract.Forward(parameters, scratch.Hidden, output) with { Residual = kept.Middle });
    }

    /// <summary>Computes the gradients that are asked for, and nothing below the lowest of them.</summary>
    /// <param name="pass">Backend, parameters, gradients and scratch, whose <see cref="BlockScratch.Stream"/> holds dL/dx [R, C] on return
    /// if <paramref name="propagate"/>.</param>
    /// <param name="x">The block's input [R, C].</param>
    /// <param name="rows">The G rows that go on; <see cref="BlockScratch.Stream"/> of their scratch holds dL/dout [G, C] on entry.</param>
    /// <param name="kept">Activations of the forward pass.</param>
    /// <param name="propagate">Something below the block needs the gradient of its input.</param>
    public void Backward(in BackwardPass pass, TensorRef x, in BlockRows rows, BlockActivations kept, bool propagate)
    {
        IBackend backend = pass.Backend;
        ParameterSet gradients = pass.Gradients;
        BlockScratch rest = rows.Scratch;
        bool needsNorm1 = NeedsNorm1(gradients, propagate);
        bool needsAttention = NeedsAttention(gradients, propagate);
        bool needsMiddle = NeedsMiddle(gradients, propagate);
        bool needsNorm2 = needsMiddle || Norm2.IsWanted(gradients);

        MlpBackward(pass, kept, rest, needsNorm2);
        if (needsNorm2)
        {
            backend.LayerNormBackward(
                Norm2.Backward(
                    pass.Parameters, gradients, rest.Width, kept.Middle, kept.Mean2, kept.ReciprocalDeviation2, pass.Accumulate) with
                {
                    InputGradient = needsMiddle ? rest.Stream : default,
                    AccumulateInputGradient = true,
                });
        }

        if (!needsMiddle)
        {
            return;
        }

        AttentionArgs attention = AttentionOf(kept, rows) with { LogSumExp = rest.LogSumExp };
        backend.Attention(attention);
        Projection.WeightGradient(backend, gradients, rest.Attended, rest.Stream, pass.Accumulate);
        if (!needsAttention)
        {
            return;
        }

        AttentionBackward(pass, x, rows, attention);
        if (!needsNorm1)
        {
            return;
        }

        if (propagate && !rows.AreAll)
        {
            backend.ScatterRows(rest.Stream, rows.Selected, pass.Scratch.Stream);
        }

        QueryKeyValue.InputGradient(pass, pass.Scratch.QueryKeyValue, rows, pass.Scratch.Width);
        backend.LayerNormBackward(
            Norm1.Backward(pass.Parameters, gradients, pass.Scratch.Width, x, kept.Mean1, kept.ReciprocalDeviation1, pass.Accumulate) with
            {
                InputGradient = propagate ? pass.Scratch.Stream : default,
                AccumulateInputGradient = true,
            });
    }

    /// <summary>True if a gradient of this block is asked for.</summary>
    public bool IsWanted(ParameterSet gradients) =>
        NeedsMiddle(gradients, propagate: false)
        || Norm2.IsWanted(gradients) || Expand.IsWanted(gradients) || Contract.IsWanted(gradients);

    /// <summary>What the backward pass will read of the forward pass.</summary>
    /// <param name="gradients">The gradients that are asked for.</param>
    /// <param name="propagate">Something below the block needs the gradient of its input.</param>
    public KeptActivations Keeps(ParameterSet gradients, bool propagate) =>
        NeedsMiddle(gradients, propagate) ? KeptActivations.All
        : IsWanted(gradients) ? KeptActivations.Mlp
        : KeptActivations.None;

    private bool NeedsNorm1(ParameterSet gradients, bool propagate) => propagate || Norm1.IsWanted(gradients);

    private bool NeedsAttention(ParameterSet gradients, bool propagate) =>
        NeedsNorm1(gradients, propagate) || QueryKeyValue.Packed.IsWanted(gradients);

    private bool NeedsMiddle(ParameterSet gradients, bool propagate) =>
        NeedsAttention(gradients, propagate) || Projection.IsWanted(gradients);

    private void MlpBackward(in BackwardPass pass, BlockActivations kept, BlockScratch scratch, bool needsNorm2)
    {
        IBackend backend = pass.Backend;
        if (Contract.IsWanted(pass.Gradients))
        {
            backend.Activate(_geometry.Activation, kept.PreActivation, scratch.Hidden);
            Contract.WeightGradient(backend, pass.Gradients, scratch.Hidden, scratch.Stream, pass.Accumulate);
        }

        bool expand = Expand.IsWanted(pass.Gradients);
        if (!needsNorm2 && !expand)
        {
            return;
        }

        backend.Gemm(Contract.InputGradient(pass.Parameters, scratch.Stream, scratch.Hidden) with
        {
            ActivationGradient = _geometry.Activation,
            ActivationGradientInput = kept.PreActivation,
        });
        if (expand)
        {
            Norm2.Forward(backend, pass.Parameters, kept.Middle, scratch.Width);
            Expand.WeightGradient(backend, pass.Gradients, scratch.Width, scratch.Hidden, pass.Accumulate);
        }

        if (needsNorm2)
        {
            backend.Gemm(Expand.InputGradient(pass.Parameters, scratch.Hidden, scratch.Width));
        }
    }

    private void AttentionBackward(in BackwardPass pass, TensorRef x, in BlockRows rows, in AttentionArgs attention)
    {
        int width = _geometry.Width;
        BlockScratch scratch = pass.Scratch;
        TensorRef gradient = scratch.QueryKeyValue;
        pass.Backend.Gemm(Projection.InputGradient(pass.Parameters, rows.Scratch.Stream, rows.Scratch.Width));
        pass.Backend.AttentionBackward(new AttentionBackwardArgs
        {
            Forward = attention,
            OutputGradient = rows.Scratch.Width,
            QueryGradient = QueryKeyValue.Queries(gradient, rows),
            KeyGradient = gradient.SliceColumns(width, width),
            ValueGradient = gradient.SliceColumns(2 * width, width),
        });
        if (QueryKeyValue.Packed.IsWanted(pass.Gradients))
        {
            Norm1.Forward(pass.Backend, pass.Parameters, x, scratch.Width);
            QueryKeyValue.WeightGradient(pass, scratch.Width, rows, gradient);
        }
    }

    private AttentionArgs AttentionOf(BlockActivations kept, in BlockRows rows)
    {
        int width = _geometry.Width;
        return new AttentionArgs
        {
            Query = QueryKeyValue.Queries(kept.QueryKeyValue, rows),
            Key = kept.QueryKeyValue.SliceColumns(width, width),
            Value = kept.QueryKeyValue.SliceColumns(2 * width, width),
            Output = rows.Scratch.Attended,
            KeyMask = rows.KeyMask,
            Batch = rows.Batch,
            Heads = _geometry.Heads,
            Causal = _geometry.Causal,
        };
    }
}
