using System;

namespace Engine.Fusion;

/// <summary>A way to turn a preference into the weights of one network.</summary>
public interface IFusion
{
    /// <summary>Name for tables and plots.</summary>
    string Name { get; }

    /// <summary>Writes θ(r) into the backbone's parameters, always from θ0.</summary>
    /// <param name="preference">r, one entry per task.</param>
    /// <exception cref="Engine.Models.DataException">The preference has another length, or an entry that is not finite.</exception>
    void Apply(ReadOnlySpan<float> preference);
}
