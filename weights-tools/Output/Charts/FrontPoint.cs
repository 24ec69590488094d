using System.Collections.Generic;

namespace WeightsTools;

/// <summary>One network of a front.</summary>
/// <param name="Accuracies">Its accuracy on each task, in 0..1.</param>
/// <param name="Preference">The preference it was made for, one entry per task that sum to 1; null if there was none.</param>
internal sealed record FrontPoint(IReadOnlyList<double> Accuracies, IReadOnlyList<double>? Preference = null);
