using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// What one block's forward pass leaves for its backward pass, and its output. R = B * T rows come in, G of them go on
/// (<see cref="BlockRows"/>), width C, hidden F. Norms, attention's result and activated values are not kept: the backward pass recomputes
/// them from the block's input, <see cref="QueryKeyValue"/>, <see cref="Middle"/> and <see cref="PreActivation"/>, without any product
/// with weights. What is not kept at all lies in the scratch memory of all blocks.
/// </summary>
internal sealed class BlockActivations
{
    /// <summary>[R], statistics of the first layer norm; "no tensor" if they are not kept.</summary>
    public TensorRef Mean1 { get; private set; }

    /// <summary>[R], like <see cref="Mean1"/>.</summary>
    public TensorRef ReciprocalDeviation1 { get; private set; }

    /// <summary>[R, 3C]: queries, keys, values side by side. Only rows that go on have queries, which lie in the first G rows.</summary>
    public TensorRef QueryKeyValue { get; private set; }

    /// <summary>[G, C], residual stream between attention and MLP.</summary>
    public TensorRef Middle { get; private set; }

    /// <summary>[G], statistics of the second layer norm; "no tensor" if they are not kept.</summary>
    public TensorRef Mean2 { get; private set; }

    /// <summary>[G], like <see cref="Mean2"/>.</summary>
    public TensorRef ReciprocalDeviation2 { get; private set; }

    /// <summary>[G, F], before the activation; "no tensor" if it is not kept.</summary>
    public TensorRef PreActivation { get; private set; }

    /// <summary>[G, C], the block's output; "no tensor" if it takes the place of the input.</summary>
    public TensorRef Output { get; private set; }

    /// <summary>Adds the activations of one block to a plan.</summary>
    /// <param name="plan">Measures or places.</param>
    /// <param name="prefix">Block name.</param>
    /// <param name="geometry">C, F.</param>
    /// <param name="scratch">Memory for R rows.</param>
    /// <param name="scratchOfRest">Memory for the G rows that go on; the same if all do.</param>
    /// <param name="kept">How much the backward pass needs.</param>
    /// <param name="inPlace">The output takes the place of the input.</param>
    public void Declare(
        ActivationPlan plan,
        string prefix,
        TransformerGeometry geometry,
        BlockScratch scratch,
        BlockScratch scratchOfRest,
        KeptActivations kept,
        bool inPlace)
    {
        int width = geometry.Width;
        int rows = scratchOfRest.Rows;
        bool attention = kept == KeptActivations.All;
        bool mlp = kept != KeptActivations.None;
        QueryKeyValue = attention ? plan.Add($"{prefix}.qkv", scratch.Rows, 3 * width) : scratch.QueryKeyValue;
        Middle = mlp ? plan.Add($"{prefix}.middle", rows, width) : scratchOfRest.Stream;
        Output = inPlace ? default : plan.Add($"{prefix}.output", rows, width);
        Mean1 = attention ? plan.Add($"{prefix}.mean1", scratch.Rows) : default;
        ReciprocalDeviation1 = attention ? plan.Add($"{prefix}.rstd1", scratch.Rows) : default;
        Mean2 = mlp ? plan.Add($"{prefix}.mean2", rows) : default;
        ReciprocalDeviation2 = mlp ? plan.Add($"{prefix}.rstd2", rows) : default;
        PreActivation = mlp ? plan.Add($"{prefix}.pre_activation", rows, geometry.Hidden) : default;
    }
}
