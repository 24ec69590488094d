using System;
using Engine.Fusion;

namespace WeightsTools;

/// <summary>The front of one method.</summary>
/// <param name="Front">Scores over the grid.</param>
/// <param name="Parameters">Numbers that were trained; 0 if nothing was.</param>
/// <param name="Training">How long that took.</param>
internal sealed record TrainedFront(Front Front, int Parameters, TimeSpan Training);
