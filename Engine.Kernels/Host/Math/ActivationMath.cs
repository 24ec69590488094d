namespace Engine.Kernels.Host;

/// <summary>Activations and their derivatives on registers.</summary>
internal static class ActivationMath<TIsa, TVector>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : struct
{
    /// <summary>activation(x).</summary>
    public static TVector Apply(Activation activation, TVector x) => throw new System.NotImplementedException();

    /// <summary>activation'(x).</summary>
    public static TVector Derivative(Activation activation, TVector x) => throw new System.NotImplementedException();
}
