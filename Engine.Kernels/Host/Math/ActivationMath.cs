using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// Activations and their derivatives on registers. Callers pass a constant, or hoist the choice out of their loops, so that the
/// switch disappears. The two sigmoid forms are one: (1 + tanh(u)) / 2 = sigmoid(2u), hence y = x s(z), y' = s + x s (1 - s) z'.
/// </summary>
internal static class ActivationMath<TIsa, TVector>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : struct
{
    // 2 sqrt(2 / pi), the factor of z in the tanh form written as a sigmoid.
    private const float TanhScale = 1.5957691216f;
    private const float TanhCubic = 0.044715f * TanhScale;
    private const float QuickScale = 1.702f;

    // 1 / sqrt(2 pi), the normal density at 0.
    private const float DensityAtZero = 0.3989422804f;

    /// <summary>activation(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(Activation activation, TVector x)
    {
        switch (activation)
        {
            case Activation.GeluErf:
                return TIsa.Multiply(x, NormalDistribution<TIsa, TVector>.Cumulative(x, out _));
            case Activation.GeluTanh:
                return TIsa.Multiply(x, Sigmoid(TanhArgument(x)));
            case Activation.QuickGelu:
                return TIsa.Multiply(x, Sigmoid(TIsa.Multiply(x, TIsa.Broadcast(QuickScale))));
            default:
                return x;
        }
    }

    /// <summary>activation'(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(Activation activation, TVector x)
    {
        switch (activation)
        {
            case Activation.GeluErf:
                TVector cumulative = NormalDistribution<TIsa, TVector>.Cumulative(x, out TVector exponential);
                TVector density = TIsa.Multiply(exponential, TIsa.Broadcast(DensityAtZero));
                return TIsa.MultiplyAdd(x, density, cumulative);
            case Activation.GeluTanh:
                TVector slope = TIsa.MultiplyAdd(
                    TIsa.Multiply(x, x), TIsa.Broadcast(3f * TanhCubic), TIsa.Broadcast(TanhScale));
                return SigmoidProductDerivative(x, TanhArgument(x), slope);
            case Activation.QuickGelu:
                TVector scale = TIsa.Broadcast(QuickScale);
                return SigmoidProductDerivative(x, TIsa.Multiply(x, scale), scale);
            default:
                return TIsa.Broadcast(1f);
        }
    }

    /// <summary>2 sqrt(2 / pi) (x + 0.044715 x^3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector TanhArgument(TVector x) =>
        TIsa.Multiply(
            x, TIsa.MultiplyAdd(TIsa.Multiply(x, x), TIsa.Broadcast(TanhCubic), TIsa.Broadcast(TanhScale)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sigmoid(TVector z)
    {
        TVector one = TIsa.Broadcast(1f);
        return TIsa.Divide(one, TIsa.Add(one, VectorExp<TIsa, TVector>.Exp(TIsa.Subtract(TIsa.Zero, z))));
    }

    /// <summary>(x s(z(x)))' = s (1 + x (1 - s) z'). With e = exp(-z), 1 - s is e s: no cancellation where s is close to 1.
    /// The bound on e keeps infinity times 0 away where s is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SigmoidProductDerivative(TVector x, TVector z, TVector slope)
    {
        TVector one = TIsa.Broadcast(1f);
        TVector e = TIsa.Min(TIsa.Broadcast(1e30f), VectorExp<TIsa, TVector>.Exp(TIsa.Subtract(TIsa.Zero, z)));
        TVector s = TIsa.Divide(one, TIsa.Add(one, e));
        TVector inner = TIsa.Multiply(TIsa.Multiply(x, slope), TIsa.Multiply(e, s));
        return TIsa.MultiplyAdd(s, inner, s);
    }
}
