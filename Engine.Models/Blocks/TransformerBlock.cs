using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// One pre-norm transformer block, the same for ViT, CLIP and GPT-2:
/// m = x + attention(norm1(x)); out = m + mlp(norm2(m)).
/// </summary>
internal sealed class TransformerBlock
{
    private readonly TransformerGeometry _geometry;

    public TransformerBlock(TransformerGeometry geometry) => _geometry = geometry;

    public required LayerNorm Norm1 { get; init; }

    /// <summary>C to 3C: queries, keys, values.</summary>
    public required Linear QueryKeyValue { get; init; }

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
    /// <param name="x">Input [B * T, C].</param>
    /// <param name="keyMask">Optional U8 [B, T].</param>
    /// <param name="batch">B.</param>
    /// <param name="kept">Receives what is kept; <see cref="BlockActivations.Output"/> is the result.</param>
    /// <param name="scratch">Memory that all blocks share.</param>
    public void Forward(
        IBackend backend, ParameterSet parameters, TensorRef x, TensorRef keyMask, int batch, BlockActivations kept, BlockScratch scratch)
    {
        Norm1.Forward(backend, parameters, x, scratch.Width, kept.Mean1, kept.ReciprocalDeviation1);
        backend.Gemm(QueryKeyValue.Forward(parameters, scratch.Width, kept.QueryKeyValue));
        backend.Attention(AttentionOf(kept, keyMask, batch));
        backend.Gemm(Projection.Forward(parameters, kept.Attended, kept.Middle) with { Residual = x });
        Mlp(backend, parameters, kept, scratch, kept.Output);
    }

    /// <summary>The second half of the forward pass: output [B * T, C] = m + mlp(norm2(m)).</summary>
    public void Mlp(IBackend backend, ParameterSet parameters, BlockActivations kept, BlockScratch scratch, TensorRef output)
    {
        Norm2.Forward(backend, parameters, kept.Middle, scratch.Width, kept.Mean2, kept.ReciprocalDeviation2);
        backend.Gemm(Expand.Forward(parameters, scratch.Width, scratch.Activated) with
        {
            Activation = _geometry.Activation,
            PreActivation = kept.PreActivation,
        });
        backend.Gemm(Contract.Forward(parameters, scratch.Activated, output) with { Residual = kept.Middle });
    }

    /// <summary>Computes the gradients that are asked for, and nothing below the lowest of them.</summary>
    /// <param name="pass">Backend, parameters, gradients and scratch. <see cref="BlockScratch.StreamGradient"/> holds dL/dout on entry
    /// and, if <paramref name="propagate"/>, dL/dx on return.</param>
    /// <param name="x">The block's input [B * T, C].</param>
    /// <param name="keyMask">Optional U8 [B, T].</param>
    /// <param name="batch">B.</param>
    /// <param name="kept">Activations of the forward pass.</param>
    /// <param name="propagate">Something below the block needs the gradient of its input.</param>
    public void Backward(in BackwardPass pass, TensorRef x, TensorRef keyMask, int batch, BlockActivations kept, bool propagate)
    {
        IBackend backend = pass.Backend;
        ParameterSet gradients = pass.Gradients;
        BlockScratch scratch = pass.Scratch;
        bool needsNorm1 = propagate || Norm1.IsWanted(gradients);
        bool needsAttention = needsNorm1 || QueryKeyValue.IsWanted(gradients);
        bool needsMiddle = needsAttention || Projection.IsWanted(gradients);
        bool needsNorm2 = needsMiddle || Norm2.IsWanted(gradients);

        MlpBackward(pass, kept, needsNorm2);
        if (needsNorm2)
        {
            backend.LayerNormBackward(
                Norm2.Backward(
                    pass.Parameters, gradients, scratch.Width, kept.Middle, kept.Mean2, kept.ReciprocalDeviation2, pass.Accumulate) with
                {
                    InputGradient = needsMiddle ? scratch.StreamGradient : default,
                    AccumulateInputGradient = true,
                });
        }

        if (!needsMiddle)
        {
            return;
        }

        Projection.WeightGradient(backend, gradients, kept.Attended, scratch.StreamGradient, pass.Accumulate);
        if (!needsAttention)
        {
            return;
        }

        AttentionBackward(pass, x, keyMask, batch, kept);
        if (needsNorm1)
        {
            backend.Gemm(QueryKeyValue.InputGradient(pass.Parameters, scratch.QueryKeyValueGradient, scratch.Width));
            backend.LayerNormBackward(
                Norm1.Backward(pass.Parameters, gradients, scratch.Width, x, kept.Mean1, kept.ReciprocalDeviation1, pass.Accumulate) with
                {
                    InputGradient = propagate ? scratch.StreamGradient : default,
                    AccumulateInputGradient = true,
                });
        }
    }

    /// <summary>True if a gradient of this block is asked for.</summary>
    public bool IsWanted(ParameterSet gradients) =>
        Norm1.IsWanted(gradients) || QueryKeyValue.IsWanted(gradients) || Projection.IsWanted(gradients)
        || Norm2.IsWanted(gradients) || Expand.IsWanted(gradients) || Contract.IsWanted(gradients);

    private void MlpBackward(in BackwardPass pass, BlockActivations kept, bool needsNorm2)
    {
        IBackend backend = pass.Backend;
        BlockScratch scratch = pass.Scratch;
        if (Contract.IsWanted(pass.Gradients))
        {
            backend.Activate(_geometry.Activation, kept.PreActivation, scratch.Activated);
            Contract.WeightGradient(backend, pass.Gradients, scratch.Activated, scratch.StreamGradient, pass.Accumulate);
        }

        bool expand = Expand.IsWanted(pass.Gradients);
        if (!needsNorm2 && !expand)
        {
            return;
        }

        backend.Gemm(Contract.InputGradient(pass.Parameters, scratch.StreamGradient, scratch.HiddenGradient) with
        {
            ActivationGradient = _geometry.Activation,
            ActivationGradientInput = kept.PreActivation,
        });
        if (expand)
        {
            Norm2.Forward(backend, pass.Parameters, kept.Middle, scratch.Width);
            Expand.WeightGradient(backend, pass.Gradients, scratch.Width, scratch.HiddenGradient, pass.Accumulate);
        }

        if (needsNorm2)
        {
            backend.Gemm(Expand.InputGradient(pass.Parameters, scratch.HiddenGradient, scratch.Width));
        }
    }

    private void AttentionBackward(in BackwardPass pass, TensorRef x, TensorRef keyMask, int batch, BlockActivations kept)
    {
        int width = _geometry.Width;
        BlockScratch scratch = pass.Scratch;
        pass.Backend.Gemm(Projection.InputGradient(pass.Parameters, scratch.StreamGradient, scratch.Width));
        pass.Backend.AttentionBackward(new AttentionBackwardArgs
        {
            Forward = AttentionOf(kept, keyMask, batch),
            OutputGradient = scratch.Width,
            QueryGradient = scratch.QueryKeyValueGradient.SliceColumns(0, width),
            KeyGradient = scratch.QueryKeyValueGradient.SliceColumns(width, width),
            ValueGradient = scratch.QueryKeyValueGradient.SliceColumns(2 * width, width),
        });
        if (QueryKeyValue.IsWanted(pass.Gradients))
        {
            Norm1.Forward(pass.Backend, pass.Parameters, x, scratch.Width);
            QueryKeyValue.WeightGradient(pass.Backend, pass.Gradients, scratch.Width, scratch.QueryKeyValueGradient, pass.Accumulate);
        }
    }

    private AttentionArgs AttentionOf(BlockActivations activations, TensorRef keyMask, int batch)
    {
        int width = _geometry.Width;
        return new AttentionArgs
        {
            Query = activations.QueryKeyValue.SliceColumns(0, width),
            Key = activations.QueryKeyValue.SliceColumns(width, width),
            Value = activations.QueryKeyValue.SliceColumns(2 * width, width),
            Output = activations.Attended,
            LogSumExp = activations.LogSumExp,
            KeyMask = keyMask,
            Batch = batch,
            Heads = _geometry.Heads,
            Causal = _geometry.Causal,
        };
    }
}
