namespace WeightsTools;

/// <summary>What makes the networks of a front.</summary>
internal enum FusionFamily
{
    /// <summary>Σ ri θi, without training.</summary>
    Soup,

    /// <summary>One network, θ0 + λ Σ τi, without training.</summary>
    TaskArithmetic,

    /// <summary>Trained routers.</summary>
    Routed,
}
