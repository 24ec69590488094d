using System;
using Engine.Fusion;

namespace WeightsTools;

/// <summary>The front of one method.</summary>
/// <param name="Front">Scores over the grid.</param>
/// <param name="Parameters">Numbers that were trained; 0 if nothing was.</param>
/// <param name="Training">How long that took.</param>
/// <param name="Routers">How many; 0 if there are none.</param>
/// <param name="ConstantRouters">Of them, how many ignore the preference: they died in training.</param>
internal sealed record TrainedFront(Front Front, int Parameters, TimeSpan Training, int Routers, int ConstantRouters)
{
    /// <summary>A front that took no training.</summary>
    public static TrainedFront Untrained(Front front) => new(front, 0, TimeSpan.Zero, 0, 0);
}
