using Engine.Kernels;

namespace Engine.Models;

/// <summary>A layer norm with its parameters' slots.</summary>
/// <param name="Gamma">Slot of the gain [C].</param>
/// <param name="Beta">Slot of the offset [C].</param>
/// <param name="Epsilon">Added to the variance.</param>
internal sealed record LayerNorm(int Gamma, int Beta, float Epsilon)
{
    /// <summary>y = layer norm of x; statistics are kept if given.</summary>
    public void Forward(
        IBackend backend,
        ParameterSet parameters,
        TensorRef x,
        TensorRef y,
        TensorRef mean = default,
        TensorRef reciprocalDeviation = default) =>
        backend.LayerNorm(new LayerNormArgs
        {
            X = x,
            Gamma = parameters.Slot(Gamma),
            Beta = parameters.Slot(Beta),
            Y = y,
            Mean = mean,
            ReciprocalDeviation = reciprocalDeviation,
            Epsilon = Epsilon,
        });

    /// <summary>The operands of the backward pass except the input gradient, which callers add if they need it.</summary>
    public LayerNormBackwardArgs Backward(
        ParameterSet parameters,
        ParameterSet gradients,
        TensorRef outputGradient,
        TensorRef x,
        TensorRef mean,
        TensorRef reciprocalDeviation,
        bool accumulate) => new()
        {
            OutputGradient = outputGradient,
            X = x,
            Gamma = parameters.Slot(Gamma),
            Mean = mean,
            ReciprocalDeviation = reciprocalDeviation,
            GammaGradient = gradients.Slot(Gamma),
            BetaGradient = gradients.Slot(Beta),
            AccumulateParameterGradients = accumulate,
        };

    /// <summary>True if a gradient of this layer is asked for.</summary>
    public bool IsWanted(ParameterSet gradients) => !gradients.Slot(Gamma).IsNone || !gradients.Slot(Beta).IsNone;
}
