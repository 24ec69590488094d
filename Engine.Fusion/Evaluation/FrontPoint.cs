using System.Collections.Generic;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>The network of one preference, scored on every task.</summary>
/// <param name="Preference">r [T].</param>
/// <param name="Scores">One per task.</param>
public sealed record FrontPoint(IReadOnlyList<double> Preference, IReadOnlyList<TaskScore> Scores);
