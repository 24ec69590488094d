using System.Collections.Generic;

namespace WeightsTools;

/// <summary>One network of a reported front.</summary>
/// <param name="Preference">What it was made for [T]; null if it does not depend on one.</param>
/// <param name="Scores">One per task.</param>
/// <param name="NonDominatedLoss">No other network of the method has lower losses.</param>
/// <param name="NonDominatedAccuracy">No other network of the method has higher accuracies; null with a regression task.</param>
internal sealed record ReportedPoint(
    IReadOnlyList<double>? Preference, IReadOnlyList<ReportedScore> Scores, bool NonDominatedLoss, bool? NonDominatedAccuracy);
