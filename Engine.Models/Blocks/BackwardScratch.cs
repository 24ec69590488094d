using Engine.Kernels;

namespace Engine.Models;

/// <summary>Gradients of activations, shared by all blocks of a backward pass. R = B * T rows, width C, hidden F.</summary>
internal sealed class BackwardScratch
{
    /// <summary>[R, C]: gradient of the residual stream, updated in place from the top block to the bottom.</summary>
    public TensorRef Stream { get; private set; }

    /// <summary>[R, C].</summary>
    public TensorRef Width { get; private set; }

    /// <summary>[R, 3C].</summary>
    public TensorRef QueryKeyValue { get; private set; }

    /// <summary>[R, F].</summary>
    public TensorRef Hidden { get; private set; }

    /// <summary>Adds the scratch to a plan.</summary>
    public void Declare(ActivationPlan plan, TransformerGeometry geometry, int rows)
    {
        Stream = plan.Add("gradient.stream", rows, geometry.Width);
        Width = plan.Add("gradient.width", rows, geometry.Width);
        QueryKeyValue = plan.Add("gradient.qkv", rows, 3 * geometry.Width);
        Hidden = plan.Add("gradient.hidden", rows, geometry.Hidden);
    }
}
