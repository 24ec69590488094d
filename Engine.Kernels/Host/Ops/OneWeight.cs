namespace Engine.Kernels.Host;

/// <summary>[n]: the same weight for all elements.</summary>
internal readonly unsafe struct OneWeight : IRoutingWeights
{
    public static float* Of(float* weights, int element, int expert, int experts) => weights + expert;

    public static TVector Load<TIsa, TVector>(float* weight, int offset)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => TIsa.Broadcast(*weight);
}
