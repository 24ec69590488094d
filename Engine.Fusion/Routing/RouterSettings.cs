using System;
using System.Globalization;

namespace Engine.Fusion;

/// <summary>Which parameters are routed, by which routers.</summary>
public sealed record RouterSettings
{
    /// <summary>Family and initialisation.</summary>
    public RouterKind Kind { get; init; } = RouterKind.Residual;

    /// <summary>Which sub-layers are routed.</summary>
    public RoutedModules Modules { get; init; } = RoutedModules.Everything;

    /// <summary>How finely.</summary>
    public Granularity Granularity { get; init; } = Granularity.Tensor;

    /// <summary>1 or 2; residual routers have 2.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>λ of the frozen rest, and last bias of the paper's routers.</summary>
    public float FrozenLambda { get; init; } = 0.3f;

    /// <summary>Hidden units of routers by row.</summary>
    public int RowHiddenUnits { get; init; } = 8;

    /// <summary>Short description for tables, for example "residual, by tensor".</summary>
    public string Name => Kind == RouterKind.Residual
        ? $"residual, by {Granularity.ToString().ToLowerInvariant()}"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Kind.ToString().ToLowerInvariant()}, {ModulesName}{(Layers == 1 ? ", 1 layer" : string.Empty)}");

    /// <summary>How the routers' parameters are drawn before training.</summary>
    public RouterInitialization Initialization => (Kind, Granularity) switch
    {
        (RouterKind.Reference, _) => RouterInitialization.Reference(FrozenLambda),
        (RouterKind.Wide, _) => RouterInitialization.Wide(FrozenLambda),
        (_, Granularity.Row) => RouterInitialization.ResidualByRow,
        _ => RouterInitialization.Residual,
    };

    private string ModulesName => Modules switch
    {
        RoutedModules.Mlp => "mlp",
        RoutedModules.MlpAndAttention => "mlp+attn",
        RoutedModules.AllLayers => "all",
        _ => "everything",
    };

    /// <summary>The paper's routers: one per module, reference initialisation.</summary>
    /// <param name="modules">Which sub-layers are routed.</param>
    /// <param name="layers">1 or 2.</param>
    public static RouterSettings Paper(RoutedModules modules, int layers = 2) =>
        new() { Kind = RouterKind.Reference, Modules = modules, Granularity = Granularity.Module, Layers = layers };

    /// <summary>The paper's routers with a wide first layer.</summary>
    /// <param name="modules">Which sub-layers are routed.</param>
    public static RouterSettings Wide(RoutedModules modules) => Paper(modules) with { Kind = RouterKind.Wide };

    /// <summary>Residual routers over the whole backbone.</summary>
    /// <param name="granularity">How finely.</param>
    public static RouterSettings Residual(Granularity granularity) => new() { Granularity = granularity };

    /// <summary>Sizes of one group's router.</summary>
    /// <param name="group">The group.</param>
    /// <param name="tasks">T.</param>
    /// <exception cref="ArgumentException">The settings contradict each other.</exception>
    public RouterArchitecture ArchitectureOf(Group group, int tasks)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (Layers is not (1 or 2) || (Kind == RouterKind.Residual && Layers != 2))
        {
            throw new ArgumentException($"{Kind} routers cannot have {Layers} layers.");
        }

        int hidden = Layers == 1 ? 0 : Granularity == Granularity.Row ? RowHiddenUnits : 2 * tasks;
        return new RouterArchitecture
        {
            Tasks = tasks,
            Layers = Layers,
            HiddenUnits = hidden,
            Form = Kind == RouterKind.Residual ? RouterForm.Residual : RouterForm.Plain,
            Channels = group.Channels,
        };
    }
}
