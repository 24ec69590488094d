using Engine.Fusion;

namespace WeightsTools;

/// <summary>What the demonstration does: enough to show the effect, little enough for a minute.</summary>
/// <param name="Steps">Optimiser steps of every training of routers.</param>
internal sealed record DemoPlan(int Steps)
{
    /// <summary>Steps without --steps.</summary>
    public const int DefaultSteps = 400;

    /// <summary>λ of task arithmetic, and of what the paper's routers leave frozen.</summary>
    public const float Lambda = 0.3f;

    /// <summary>The paper's routers.</summary>
    public static readonly RouterSettings Paper = RouterSettings.Paper(RoutedModules.Mlp);

    /// <summary>Ours.</summary>
    public static readonly RouterSettings Residual = RouterSettings.Residual(Granularity.Row);

    /// <summary>Preferences whose networks are scored; both grids hold the equal preference.</summary>
    public static int PointsPerEdge(int tasks) => tasks == 2 ? 11 : 7;
}
