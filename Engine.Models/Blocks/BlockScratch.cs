using Engine.Kernels;

namespace Engine.Models;

/// <summary>Memory that all blocks share: what no one needs after the block. R = B * T rows, width C, hidden F.</summary>
internal sealed class BlockScratch
{
    /// <summary>[R, C]: a layer norm's output; in the backward pass also the gradient of one.</summary>
    public TensorRef Width { get; private set; }

    /// <summary>[R, F]: the MLP's activated hidden values.</summary>
    public TensorRef Activated { get; private set; }

    /// <summary>[R, C]: gradient of the residual stream, updated in place from the top block to the bottom.</summary>
    public TensorRef StreamGradient { get; private set; }

    /// <summary>[R, 3C].</summary>
    public TensorRef QueryKeyValueGradient { get; private set; }

    /// <summary>[R, F].</summary>
    public TensorRef HiddenGradient { get; private set; }

    /// <summary>Adds the scratch to a plan.</summary>
    /// <param name="plan">Measures or places.</param>
    /// <param name="geometry">C and F.</param>
    /// <param name="rows">R.</param>
    /// <param name="backward">Also what only the backward pass needs.</param>
    public void Declare(ActivationPlan plan, TransformerGeometry geometry, int rows, bool backward)
    {
        Width = plan.Add("scratch.width", rows, geometry.Width);
        Activated = plan.Add("scratch.activated", rows, geometry.Hidden);
        StreamGradient = backward ? plan.Add("gradient.stream", rows, geometry.Width) : default;
        QueryKeyValueGradient = backward ? plan.Add("gradient.qkv", rows, 3 * geometry.Width) : default;
        HiddenGradient = backward ? plan.Add("gradient.hidden", rows, geometry.Hidden) : default;
    }
}
