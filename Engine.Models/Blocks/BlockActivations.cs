using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// What one block's forward pass keeps. R = B * T rows, width C, hidden F. Norms and activated values are not kept: the backward pass
/// recomputes them from <see cref="Middle"/>, the block's input and <see cref="PreActivation"/>, at the price of one pass over memory.
/// </summary>
internal sealed class BlockActivations
{
    /// <summary>[R], statistics of the first layer norm.</summary>
    public TensorRef Mean1 { get; private set; }

    /// <summary>[R].</summary>
    public TensorRef ReciprocalDeviation1 { get; private set; }

    /// <summary>[R, 3C]: queries, keys, values side by side.</summary>
    public TensorRef QueryKeyValue { get; private set; }

    /// <summary>[B, H, T].</summary>
    public TensorRef LogSumExp { get; private set; }

    /// <summary>[R, C], attention before its output projection.</summary>
    public TensorRef Attended { get; private set; }

    /// <summary>[R, C], residual stream between attention and MLP.</summary>
    public TensorRef Middle { get; private set; }

    /// <summary>[R], statistics of the second layer norm.</summary>
    public TensorRef Mean2 { get; private set; }

    /// <summary>[R].</summary>
    public TensorRef ReciprocalDeviation2 { get; private set; }

    /// <summary>[R, F], before the activation; kept only for the backward pass.</summary>
    public TensorRef PreActivation { get; private set; }

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
        QueryKeyValue = plan.Add($"{prefix}.qkv", rows, 3 * width);
        Attended = plan.Add($"{prefix}.attended", rows, width);
        Middle = plan.Add($"{prefix}.middle", rows, width);
        Output = plan.Add($"{prefix}.output", rows, width);
        Mean1 = keepForBackward ? plan.Add($"{prefix}.mean1", rows) : default;
        ReciprocalDeviation1 = keepForBackward ? plan.Add($"{prefix}.rstd1", rows) : default;
        LogSumExp = keepForBackward ? plan.Add($"{prefix}.logsumexp", batch, geometry.Heads, tokens) : default;
        Mean2 = keepForBackward ? plan.Add($"{prefix}.mean2", rows) : default;
        ReciprocalDeviation2 = keepForBackward ? plan.Add($"{prefix}.rstd2", rows) : default;
        PreActivation = keepForBackward ? plan.Add($"{prefix}.pre_activation", rows, geometry.Hidden) : default;
    }
}
