namespace Engine.Models;

/// <summary>The loss of a classification model, "problem_type" in config.json.</summary>
public enum ProblemType
{
    /// <summary>Not given: regression for one label, otherwise one label per example.</summary>
    Unspecified,

    /// <summary>Mean squared error.</summary>
    Regression,

    /// <summary>Softmax cross entropy.</summary>
    SingleLabelClassification,
}
