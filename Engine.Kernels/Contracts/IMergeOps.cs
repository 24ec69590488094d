namespace Engine.Kernels;

/// <summary>What fusion is made of.</summary>
public interface IMergeOps
{
    /// <summary>θ = θ0 + Σ λi (θi - θ0); see <see cref="WeightedSumArgs"/>.</summary>
    void WeightedSum(in WeightedSumArgs args);

    /// <summary>gi = ⟨dL/dθ, θi - θ0⟩; see <see cref="MultiDotArgs"/>.</summary>
    void MultiDot(in MultiDotArgs args);
}
