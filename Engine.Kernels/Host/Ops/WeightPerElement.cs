namespace Engine.Kernels.Host;

/// <summary><see cref="ColumnBlocks"/>: a weight for each element; the channel is the column.</summary>
internal readonly unsafe struct WeightPerElement : IRoutingWeights
{
    public static float* Of(float* weights, int element, int expert, int experts) =>
        weights + ColumnBlocks.IndexOf(element, expert, experts);

    public static TVector Load<TIsa, TVector>(float* weight, int offset)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct => TIsa.Load(weight + offset);
}
