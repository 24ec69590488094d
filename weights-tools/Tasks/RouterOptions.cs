using System;
using System.Collections.Generic;
using System.CommandLine;
using Engine.Fusion;

namespace WeightsTools;

/// <summary>The options that choose which parameters are routed, and by which routers.</summary>
internal sealed class RouterOptions
{
    private static readonly Dictionary<string, RouterKind> Kinds = new(StringComparer.Ordinal)
    {
        ["residual"] = RouterKind.Residual,
        ["wide"] = RouterKind.Wide,
        ["reference"] = RouterKind.Reference,
    };

    private static readonly Dictionary<string, Granularity> Granularities = new(StringComparer.Ordinal)
    {
        ["module"] = Granularity.Module,
        ["tensor"] = Granularity.Tensor,
        ["row"] = Granularity.Row,
    };

    private static readonly Dictionary<string, RoutedModules> Parts = new(StringComparer.Ordinal)
    {
        ["mlp"] = RoutedModules.Mlp,
        ["mlp-attn"] = RoutedModules.MlpAndAttention,
        ["all"] = RoutedModules.AllLayers,
        ["everything"] = RoutedModules.Everything,
    };

    private readonly Option<string> _kind = new("--routers")
    {
        Description = "residual: corrections to the soup; reference: the paper's; wide: the paper's with a first layer N(0, 1)",
        DefaultValueFactory = _ => "residual",
    };

    private readonly Option<string?> _granularity = new("--granularity")
    {
        Description = "One router per sub-layer, per tensor, or with weights of its own for every output channel "
            + "[default: tensor; module for wide and reference]",
    };

    private readonly Option<string?> _modules = new("--modules")
    {
        Description = "What is routed, the rest being task arithmetic: MLPs; attention too; all layers, with norms and patch projection; "
            + "or everything, with embeddings [default: everything; mlp for wide and reference]",
    };

    private readonly Option<int> _layers = new("--layers")
    {
        Description = "Layers of a router; residual ones have 2",
        HelpName = "1|2",
        DefaultValueFactory = _ => 2,
    };

    private readonly Option<double> _lambda = new("--lambda")
    {
        Description = "λ of the rest, and the first output of wide and reference routers",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => 0.3,
    };

    /// <summary>Adds the options to a command.</summary>
    public RouterOptions(Command command)
    {
        _kind.AcceptOnlyFromAmong([.. Kinds.Keys]);
        _granularity.AcceptOnlyFromAmong([.. Granularities.Keys]);
        _modules.AcceptOnlyFromAmong([.. Parts.Keys]);
        foreach (Option option in new Option[] { _kind, _granularity, _modules, _layers, _lambda })
        {
            command.Add(option);
        }
    }

    /// <summary>The settings asked for.</summary>
    /// <exception cref="UsageException">They contradict each other.</exception>
    public RouterSettings Read(CommandContext context)
    {
        RouterKind kind = Kinds[context.Get(_kind)];
        int layers = context.Get(_layers);
        if (layers is not (1 or 2) || (kind == RouterKind.Residual && layers == 1))
        {
            throw new UsageException(
                $"--layers: expected {(kind == RouterKind.Residual ? "2 for residual routers" : "1 or 2")}, found {layers}.");
        }

        double lambda = context.Get(_lambda);
        if (!double.IsFinite(lambda))
        {
            throw new UsageException($"--lambda: expected a finite number, found {lambda}.");
        }

        RouterSettings defaults = kind == RouterKind.Residual
            ? new RouterSettings()
            : RouterSettings.Paper(RoutedModules.Mlp) with { Kind = kind };
        return defaults with
        {
            Granularity = context.Get(_granularity) is string granularity ? Granularities[granularity] : defaults.Granularity,
            Modules = context.Get(_modules) is string modules ? Parts[modules] : defaults.Modules,
            Layers = layers,
            FrozenLambda = (float)lambda,
        };
    }
}
