namespace Engine.Fusion;

/// <summary>Where a router starts from.</summary>
public enum RouterForm
{
    /// <summary>λ(r) is the network's output alone (PWEMoE, arXiv 2406.09770, section 4).</summary>
    Plain,

    /// <summary>λ(r) = r + output: the network learns a correction to the rewarded soup Σ r_i θ_i.</summary>
    Residual,
}
