namespace Engine.Fusion;

/// <summary>Which direction of an objective is better.</summary>
public enum OptimizationSense
{
    /// <summary>Smaller is better: losses.</summary>
    Minimize,

    /// <summary>Larger is better: accuracies.</summary>
    Maximize,
}
