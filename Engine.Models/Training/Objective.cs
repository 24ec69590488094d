namespace Engine.Models;

/// <summary>What a loss compares.</summary>
public enum Objective
{
    /// <summary>Mean cross-entropy of one label per row.</summary>
    Classification,

    /// <summary>Mean squared error of one number per row.</summary>
    Regression,

    /// <summary>Mean cross-entropy of the next token; labels are shifted inside.</summary>
    LanguageModeling,
}
