namespace Engine.Fusion;

/// <summary>How the losses of the tasks become one direction.</summary>
public enum Scalarization
{
    /// <summary>Σ rt Lt; see <see cref="LinearScalarization"/>.</summary>
    Linear,

    /// <summary>Exact Pareto optimal search; see <see cref="EpoScalarization"/>.</summary>
    Epo,
}
