using System.Collections.Generic;

namespace WeightsTools;

/// <summary>The networks of one method.</summary>
/// <param name="Name">For tables and plots.</param>
/// <param name="Role">What it is among the others.</param>
/// <param name="LossHypervolume">Of the losses, from the reference losses on, as a share of the box between 0 and them.</param>
/// <param name="AccuracyHypervolume">Of the accuracies, from 0 on; null with a regression task.</param>
/// <param name="NormalizedAccuracy">Mean over the tasks of accuracy over the expert's, at the equal preference, which the
/// grid need not hold; null with a regression task, and for the experts themselves.</param>
/// <param name="Points">In the order of the grid.</param>
internal sealed record ReportedMethod(
    string Name,
    SeriesRole Role,
    double LossHypervolume,
    double? AccuracyHypervolume,
    double? NormalizedAccuracy,
    IReadOnlyList<ReportedPoint> Points);
