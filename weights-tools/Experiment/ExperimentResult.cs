namespace WeightsTools;

/// <summary>What one method reached on one combination of tasks with one seed.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Tasks">Names of the tasks, joined by "+".</param>
/// <param name="Seed">Null if nothing was random.</param>
/// <param name="AccuracyHypervolume">Reference point 0.</param>
/// <param name="LossHypervolume">Reference point ln(classes), as a share of the whole box.</param>
/// <param name="NormalizedAccuracy">Mean over the tasks of accuracy over the expert's, at the equal preference.</param>
/// <param name="Routers">Number of routers.</param>
/// <param name="DeadRouters">Of them, how many do not depend on the preference.</param>
/// <param name="Parameters">Trained numbers.</param>
/// <param name="MillisecondsPerStep">Mean over the training; 0 without one.</param>
internal sealed record ExperimentResult(
    string Method,
    string Tasks,
    ulong? Seed,
    double AccuracyHypervolume,
    double LossHypervolume,
    double NormalizedAccuracy,
    int Routers,
    int DeadRouters,
    int Parameters,
    double MillisecondsPerStep);
