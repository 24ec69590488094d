using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>Cuts a backbone's parameters into groups by a rule.</summary>
public static class Partition
{
    /// <summary>The groups of a rule, in the order of the layout. Parameters in no group are frozen.</summary>
    /// <param name="layout">The backbone's parameters.</param>
    /// <param name="modules">Which sub-layers are routed.</param>
    /// <param name="granularity">How finely.</param>
    public static IReadOnlyList<Group> Create(ParameterLayout layout, RoutedModules modules, Granularity granularity)
    {
        ArgumentNullException.ThrowIfNull(layout);
        IEnumerable<ParameterSpec> routed = layout.Parameters.Where(parameter => IsRouted(parameter, modules));
        return granularity switch
        {
            Granularity.Module => [.. routed
                .GroupBy(static parameter => parameter.Module, StringComparer.Ordinal)
                .Select(static module => new Group(module.Key, [.. module], 1))],
            Granularity.Tensor => [.. routed.Select(static parameter => new Group(parameter.Name, [parameter], 1))],
            _ => [.. routed.Select(static parameter => new Group(parameter.Name, [parameter], parameter.Channels))],
        };
    }

    private static bool IsRouted(ParameterSpec parameter, RoutedModules modules) => modules switch
    {
        RoutedModules.Mlp => parameter.Kind == ModuleKind.Mlp,
        RoutedModules.MlpAndAttention => parameter.Kind is ModuleKind.Mlp or ModuleKind.Attention,
        RoutedModules.AllLayers => parameter.Kind != ModuleKind.Embedding || IsPatchProjection(parameter),
        _ => true,
    };

    private static bool IsPatchProjection(ParameterSpec parameter) =>
        parameter.Module.Contains("patch_embedding", StringComparison.Ordinal);
}
