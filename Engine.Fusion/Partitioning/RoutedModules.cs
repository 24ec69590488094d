namespace Engine.Fusion;

/// <summary>Which sub-layers are routed; the rest is merged once with a fixed λ and frozen.</summary>
public enum RoutedModules
{
    /// <summary>The MLP of every block (the paper's default).</summary>
    Mlp,

    /// <summary>The MLP and the attention of every block, each with its own router.</summary>
    MlpAndAttention,

    /// <summary>Also layer norms and the patch projection (the paper's "all layers"); bare tensors stay frozen.</summary>
    AllLayers,

    /// <summary>Every parameter of the backbone.</summary>
    Everything,
}
