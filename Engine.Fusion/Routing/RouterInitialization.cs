using System;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>
/// How routers start. Weights are normal with mean 0, hidden biases 0, and the last bias is constant. A router of one layer has only the
/// last one. Every number depends on the seed, the group's name, the tensor's name and its position, and on nothing else.
/// </summary>
/// <param name="FirstLayerDeviation">Standard deviation of W1.</param>
/// <param name="LastLayerDeviation">Standard deviation of the last weight.</param>
/// <param name="LastBias">Every entry of the last bias: λ before training, but for the noise of the last weight; 0 if residual.</param>
public sealed record RouterInitialization(double FirstLayerDeviation, double LastLayerDeviation, double LastBias)
{
    /// <summary>
    /// Residual routers by module or tensor: W1 ~ N(0, 1), B ~ N(0, 0.01^2), c = 0, so that training starts at the rewarded soup but for
    /// noise.
    /// </summary>
    public static RouterInitialization Residual { get; } = new(1, 0.01, 0);

    /// <summary>Residual routers by row: B = 0, so that training starts exactly at the rewarded soup.</summary>
    public static RouterInitialization ResidualByRow { get; } = new(1, 0, 0);

    /// <summary>
    /// The paper's: both layers N(0, 0.01^2). For comparison only: with few tasks many of these routers turn off all their hidden units
    /// within a few steps and stay constant in the preference.
    /// </summary>
    /// <param name="lambda">λ0, the coefficient of task arithmetic where training starts; the paper has 0.3 or 0.6.</param>
    public static RouterInitialization Reference(double lambda) => new(0.01, 0.01, lambda);

    /// <summary>First layer N(0, 1), last N(0, 0.01^2): starts where the paper's starts, and its hidden units survive.</summary>
    /// <param name="lambda">λ0.</param>
    public static RouterInitialization Wide(double lambda) => new(1, 0.01, lambda);

    /// <summary>Draws the parameters of all routers of a block.</summary>
    /// <param name="block">The routers.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="parameters">Receives [<see cref="RouterBlock.ParameterCount"/>].</param>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    public void Fill(RouterBlock block, ulong seed, Span<float> parameters)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (parameters.Length != block.ParameterCount)
        {
            throw new ArgumentException($"The block has {block.ParameterCount} parameters, found {parameters.Length}.", nameof(parameters));
        }

        foreach (RouterSlot slot in block.Slots)
        {
            Fill(slot.Router, slot.Group, seed, parameters.Slice(slot.ParameterOffset, slot.Router.ParameterCount));
        }
    }

    /// <summary>Draws the parameters of one router.</summary>
    /// <param name="router">The router.</param>
    /// <param name="group">Its group's name.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="parameters">Receives [<see cref="Router.ParameterCount"/>].</param>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    public void Fill(Router router, string group, ulong seed, Span<float> parameters)
    {
        ArgumentNullException.ThrowIfNull(router);
        if (parameters.Length != router.ParameterCount)
        {
            throw new ArgumentException($"Router '{group}' has {router.ParameterCount} parameters, found {parameters.Length}.");
        }

        parameters.Clear();
        RouterTensor lastWeight = router.Tensors[^2];
        RouterTensor lastBias = router.Tensors[^1];
        if (router.Architecture.Layers == 2)
        {
            Draw(router.Tensors[0], FirstLayerDeviation, group, seed, parameters);
        }

        Draw(lastWeight, LastLayerDeviation, group, seed, parameters);
        parameters[lastBias.Offset..].Fill((float)LastBias);
    }

    private static void Draw(RouterTensor tensor, double deviation, string group, ulong seed, Span<float> parameters)
    {
        CounterRandom random = RandomStream.Named(seed, $"{group}.{tensor.Name}");
        Span<float> values = parameters.Slice(tensor.Offset, (int)tensor.Shape.ElementCount);
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = (float)(deviation * random.Normal((ulong)k));
        }
    }
}
