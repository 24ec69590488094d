namespace Engine.Kernels.Host;

/// <summary>How the weights of experts reach the registers of their elements.</summary>
internal unsafe interface IRoutingWeights
{
    /// <summary>The weight of an expert for an element, the first of a block of four registers.</summary>
    /// <param name="weights">All weights.</param>
    /// <param name="element">Column, or any element if weights do not depend on it.</param>
    /// <param name="expert">Expert.</param>
    /// <param name="experts">Number of experts.</param>
    static abstract float* Of(float* weights, int element, int expert, int experts);

    /// <summary>Weights of one register.</summary>
    /// <param name="weight">From <see cref="Of"/>.</param>
    /// <param name="offset">Elements behind that one.</param>
    static abstract TVector Load<TIsa, TVector>(float* weight, int offset)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct;
}
