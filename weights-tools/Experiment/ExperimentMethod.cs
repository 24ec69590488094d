using System.Collections.Generic;
using Engine.Fusion;

namespace WeightsTools;

/// <summary>One row of the comparison.</summary>
internal sealed record ExperimentMethod
{
    /// <summary>Name in the table.</summary>
    public required string Name { get; init; }

    /// <summary>What makes the networks.</summary>
    public required FusionFamily Family { get; init; }

    /// <summary>λ values of task arithmetic; of several, the one with the largest accuracy hypervolume counts.</summary>
    public IReadOnlyList<float> Lambdas { get; init; } = [];

    /// <summary>The routers, if there are any.</summary>
    public RouterKind Kind { get; init; } = RouterKind.Residual;

    /// <summary>Which sub-layers are routed.</summary>
    public RoutedModules Modules { get; init; } = RoutedModules.Everything;

    /// <summary>How finely.</summary>
    public Granularity Granularity { get; init; } = Granularity.Module;

    /// <summary>How losses are combined.</summary>
    public Scalarization Scalarization { get; init; }

    /// <summary>Learning rate of the first step.</summary>
    public double LearningRate { get; init; } = 1e-2;

    /// <summary>What was measured elsewhere with the same settings.</summary>
    public IReadOnlyList<ExperimentAnchor> Anchors { get; init; } = [];

    /// <summary>The settings of the routers.</summary>
    public RouterSettings Routers => new() { Kind = Kind, Modules = Modules, Granularity = Granularity };
}
