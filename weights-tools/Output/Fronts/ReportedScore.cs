namespace WeightsTools;

/// <summary>How one network does on one task.</summary>
/// <param name="Loss">Mean loss over the test data.</param>
/// <param name="Accuracy">Share of correct predictions, 0 to 1; null for regression.</param>
internal sealed record ReportedScore(double Loss, double? Accuracy);
