namespace Engine.Fusion;

/// <summary>Families of routers.</summary>
public enum RouterKind
{
    /// <summary>The paper's, with the reference implementation's initialisation: all weights N(0, 0.01^2).</summary>
    Reference,

    /// <summary>The paper's, first layer N(0, 1): its hidden units survive training.</summary>
    Wide,

    /// <summary>Corrections to the soup: training starts at Σ ri θi.</summary>
    Residual,
}
