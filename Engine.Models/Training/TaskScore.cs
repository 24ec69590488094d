namespace Engine.Models;

/// <summary>How one network does on one task's test data.</summary>
/// <param name="Loss">Mean loss.</param>
/// <param name="Accuracy">Share of correct predictions, 0 to 1; 0 for regression.</param>
public readonly record struct TaskScore(double Loss, double Accuracy);
