using Engine.Models;

namespace WeightsTools;

/// <summary>One task of a reported front.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Objective">What its loss compares.</param>
/// <param name="ReferenceLoss">The loss of knowing nothing, which bounds the hypervolume: ln(classes), ln(vocabulary), or for regression
/// the variance of the test targets.</param>
/// <param name="Expert">Scores of the task's own expert.</param>
internal sealed record ReportedTask(string Name, Objective Objective, double ReferenceLoss, ReportedScore Expert)
{
    /// <summary>True if the task has an accuracy.</summary>
    public bool HasAccuracy => Objective != Objective.Regression;
}
