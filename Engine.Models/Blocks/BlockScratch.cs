using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// Memory that all blocks share: what no one needs after the block. R = B * T rows, width C, H heads, hidden F. Attention and MLP take
/// turns, so <see cref="Hidden"/> lies where <see cref="QueryKeyValue"/> and <see cref="Attended"/> lie.
/// </summary>
internal sealed class BlockScratch
{
    /// <summary>R.</summary>
    public int Rows { get; private set; }

    /// <summary>[R, C]: a layer norm's output; in the backward pass also the gradient of one.</summary>
    public TensorRef Width { get; private set; }

    /// <summary>[R, C]: the residual stream between attention and MLP, where the block does not keep it; in the backward pass the gradient
    /// of the residual stream, updated in place from the top block to the bottom.</summary>
    public TensorRef Stream { get; private set; }

    /// <summary>[R, 3C]: queries, keys and values, where the block does not keep them; in the backward pass their gradient.</summary>
    public TensorRef QueryKeyValue { get; private set; }

    /// <summary>[R, C]: attention before its output projection.</summary>
    public TensorRef Attended { get; private set; }

    /// <summary>[B, H, T], for the backward pass.</summary>
    public TensorRef LogSumExp { get; private set; }

    /// <summary>[R, F]: the MLP's activated hidden values; in the backward pass then the gradient of what was activated.</summary>
    public TensorRef Hidden { get; private set; }

    /// <summary>Adds the scratch to a plan.</summary>
    /// <param name="plan">Measures or places.</param>
    /// <param name="prefix">Its name.</param>
    /// <param name="geometry">C, H and F.</param>
    /// <param name="batch">B.</param>
    /// <param name="tokens">T.</param>
    public void Declare(ActivationPlan plan, string prefix, TransformerGeometry geometry, int batch, int tokens)
    {
        Rows = batch * tokens;
        Width = plan.Add($"{prefix}.width", Rows, geometry.Width);
        Stream = plan.Add($"{prefix}.stream", Rows, geometry.Width);
        plan.Overlay(
            () =>
            {
                QueryKeyValue = plan.Add($"{prefix}.qkv", Rows, 3 * geometry.Width);
                Attended = plan.Add($"{prefix}.attended", Rows, geometry.Width);
                LogSumExp = plan.Add($"{prefix}.logsumexp", batch, geometry.Heads, tokens);
            },
            () => Hidden = plan.Add($"{prefix}.hidden", Rows, geometry.Hidden));
    }
}
