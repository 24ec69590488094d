namespace Engine.Fusion;

/// <summary>What a step of EPO search does.</summary>
public enum EpoMode
{
    /// <summary>The losses are off the preference ray: move towards it, letting losses rise where needed.</summary>
    Balance,

    /// <summary>The losses are on the ray: lower all of them.</summary>
    Dominance,

    /// <summary>No program was solved; the weights are the preference itself, see <see cref="EpoFallback"/>.</summary>
    Preference,
}
