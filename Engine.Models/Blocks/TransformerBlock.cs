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
    /// <param name="activations">Receives everything; <see cref="BlockActivations.Output"/> is the result.</param>
    public void Forward(
        IBackend backend, ParameterSet parameters, TensorRef x, TensorRef keyMask, int batch, BlockActivations activations)
    {
        Norm1.Forward(backend, parameters, x, activations.Norm1, activations.Mean1, activations.ReciprocalDeviation1);
        backend.Gemm(QueryKeyValue.Forward(parameters, activations.Norm1, activations.QueryKeyValue));
        backend.Attention(AttentionOf(activations, keyMask, batch));
        backend.Gemm(Projection.Forward(parameters, activations.Attended, activations.Middle) with { Residual = x });
        Mlp(backend, parameters, activations, activations.Output);
    }

    /// <summary>The second half of the forward pass: output [B * T, C] = m + mlp(norm2(m)).</summary>
    public void Mlp(IBackend backend, ParameterSet parameters, BlockActivations activations, TensorRef output)
    {
        Norm2.Forward(
            backend, parameters, activations.Middle, activations.Norm2, activations.Mean2, activations.ReciprocalDeviation2);
        backend.Gemm(Expand.Forward(parameters, activations.Norm2, activations.Activated) with
        {
            Activation = _geometry.Activation,
            PreActivation = activations.PreActivation,
        });
        backend.Gemm(Contract.Forward(parameters, activations.Activated, output) with { Residual = activations.Middle });
    }

    /// <summary>Computes the gradients that are asked for, and nothing below the lowest of them.</summary>
    /// <param name="pass">Backend, parameters, gradients and scratch. <see cref="BackwardScratch.Stream"/> holds dL/dout on entry and,
    /// if <paramref name="propagate"/>, dL/dx on return.</param>
    /// <param name="x">The block's input [B * T, C].</param>
    /// <param name="keyMask">Optional U8 [B, T].</param>
    /// <param name="batch">B.</param>
    /// <param name="kept">Activations of the forward pass.</param>
    /// <param name="propagate">Something below the block needs the gradient of its input.</param>
    public void Backward(in BackwardPass pass, TensorRef x, TensorRef keyMask, int batch, BlockActivations kept, bool propagate)
    {
        IBackend backend = pass.Backend;
        ParameterSet gradients = pass.Gradients;
        BackwardScratch scratch = pass.Scratch;
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
                    InputGradient = needsMiddle ? scratch.Stream : default,
                    AccumulateInputGradient = true,
                });
        }

        if (!needsMiddle)
        {
            return;
        }

        Projection.WeightGradient(backend, gradients, kept.Attended, scratch.Stream, pass.Accumulate);
        if (!needsAttention)
        {
            return;
        }

        AttentionBackward(pass, keyMask, batch, kept);
        if (needsNorm1)
        {
            backend.Gemm(QueryKeyValue.InputGradient(pass.Parameters, scratch.QueryKeyValue, scratch.Width));
            backend.LayerNormBackward(
                Norm1.Backward(pass.Parameters, gradients, scratch.Width, x, kept.Mean1, kept.ReciprocalDeviation1, pass.Accumulate) with
                {
                    InputGradient = propagate ? scratch.Stream : default,
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
        BackwardScratch scratch = pass.Scratch;
        Contract.WeightGradient(pass.Backend, pass.Gradients, kept.Activated, scratch.Stream, pass.Accumulate);
        if (!needsNorm2 && !Expand.IsWanted(pass.Gradients))
        {
            return;
        }

        pass.Backend.Gemm(Contract.InputGradient(pass.Parameters, scratch.Stream, scratch.Hidden) with
        {
            ActivationGradient = _geometry.Activation,
            ActivationGradientInput = kept.PreActivation,
        });
        Expand.WeightGradient(pass.Backend, pass.Gradients, kept.Norm2, scratch.Hidden, pass.Accumulate);
        if (needsNorm2)
        {
            pass.Backend.Gemm(Expand.InputGradient(pass.Parameters, scratch.Hidden, scratch.Width));
        }
    }

    private void AttentionBackward(in BackwardPass pass, TensorRef keyMask, int batch, BlockActivations kept)
    {
        int width = _geometry.Width;
        BackwardScratch scratch = pass.Scratch;
        pass.Backend.Gemm(Projection.InputGradient(pass.Parameters, scratch.Stream, scratch.Width));
        pass.Backend.AttentionBackward(new AttentionBackwardArgs
        {
            Forward = AttentionOf(kept, keyMask, batch),
            OutputGradient = scratch.Width,
            QueryGradient = scratch.QueryKeyValue.SliceColumns(0, width),
            KeyGradient = scratch.QueryKeyValue.SliceColumns(width, width),
            ValueGradient = scratch.QueryKeyValue.SliceColumns(2 * width, width),
        });
        QueryKeyValue.WeightGradient(pass.Backend, pass.Gradients, kept.Norm1, scratch.QueryKeyValue, pass.Accumulate);
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
