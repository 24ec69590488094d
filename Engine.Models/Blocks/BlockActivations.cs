using Engine.Kernels;

namespace Engine.Models;

/// <summary>What one block's forward pass computes. R = B * T rows, width C, hidden F.</summary>
internal sealed class BlockActivations
{
    /// <summary>[R, C], first layer norm, with its statistics [R].</summary>
    public TensorRef Norm1 { get; private set; }

    public TensorRef Mean1 { get; private set; }

    public TensorRef ReciprocalDeviation1 { get; private set; }

    /// <summary>[R, 3C]: queries, keys, values side by side.</summary>
    public TensorRef QueryKeyValue { get; private set; }

    /// <summary>[B, H, T].</summary>
    public TensorRef LogSumExp { get; private set; }

    /// <summary>[R, C], attention before its output projection.</summary>
    public TensorRef Attended { get; private set; }

    /// <summary>[R, C], residual stream between attention and MLP.</summary>
    public TensorRef Middle { get; private set; }

    /// <summary>[R, C], second layer norm, with its statistics [R].</summary>
    public TensorRef Norm2 { get; private set; }

    public TensorRef Mean2 { get; private set; }

    public TensorRef ReciprocalDeviation2 { get; private set; }

    /// <summary>[R, F], before the activation; kept only for the backward pass.</summary>
    public TensorRef PreActivation { get; private set; }

    /// <summary>[R, F], after the activation.</summary>
    public TensorRef Activated { get; private set; }

    /// <summary>[R, C], the block's output.</summary>
    public TensorRef Output { get; private set; }

    /// <summary>Adds the activations of one block to a plan.</summary>
    /// <param name="plan">Measures or places.</param>
    /// <param name="prefix">Block name.</param>
    /// <param name="geometry">C, H, F.</param>
    /// <param name="batch">B.</param>
    /// <param name="tokens">T.</param>
    /// <param name="keepForBackward">Also what only the backward pass needs.</param>
    public void Declare(ActivationPlan plan, string prefix, TransformerGeometry geometry, int batch, int tokens, bool keepForBackward)
    {
        int rows = batch * tokens;
        int width = geometry.Width;
        Norm1 = plan.Add($"{prefix}.norm1", rows, width);
        QueryKeyValue = plan.Add($"{prefix}.qkv", rows, 3 * width);
        Attended = plan.Add($"{prefix}.attended", rows, width);
        Middle = plan.Add($"{prefix}.middle", rows, width);
        Norm2 = plan.Add($"{prefix}.norm2", rows, width);
        Activated = plan.Add($"{prefix}.activated", rows, geometry.Hidden);
        Output = plan.Add($"{prefix}.output", rows, width);
        if (keepForBackward)
        {
            Mean1 = plan.Add($"{prefix}.mean1", rows);
            ReciprocalDeviation1 = plan.Add($"{prefix}.rstd1", rows);
            LogSumExp = plan.Add($"{prefix}.logsumexp", batch, geometry.Heads, tokens);
            Mean2 = plan.Add($"{prefix}.mean2", rows);
            ReciprocalDeviation2 = plan.Add($"{prefix}.rstd2", rows);
            PreActivation = plan.Add($"{prefix}.pre_activation", rows, geometry.Hidden);
        }
        else
        {
            Mean1 = ReciprocalDeviation1 = LogSumExp = Mean2 = ReciprocalDeviation2 = PreActivation = default;
        }
    }
}
