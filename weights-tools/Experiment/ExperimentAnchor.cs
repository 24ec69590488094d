namespace WeightsTools;

/// <summary>Figures of one method on one combination of tasks that were measured elsewhere.</summary>
/// <param name="Tasks">Names of the tasks, joined by "+".</param>
/// <param name="AccuracyHypervolume">Mean over seeds.</param>
/// <param name="Deviation">Standard deviation of the former over seeds; null if there was one.</param>
/// <param name="LossHypervolume">Mean over seeds; null if not recorded.</param>
/// <param name="NormalizedAccuracy">At the equal preference.</param>
internal sealed record ExperimentAnchor(
    string Tasks, double AccuracyHypervolume, double? Deviation, double? LossHypervolume, double? NormalizedAccuracy);
