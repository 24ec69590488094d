using System;
using System.Collections.Generic;
using System.IO.Enumeration;

namespace Engine.Models;

/// <summary>Scales the learning rate of some parameters.</summary>
/// <param name="Pattern">Of parameter names or modules, with * and ?; for example "*.mlp" or "classifier.*".</param>
/// <param name="Factor">Multiplies the learning rate; 0 freezes.</param>
public sealed record LearningRateFactor(string Pattern, double Factor)
{
    /// <summary>The factor of a parameter: that of the first pattern that matches its name or its module, else 1.</summary>
    public static double Of(ParameterSpec parameter, IReadOnlyList<LearningRateFactor> factors)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(factors);
        foreach (LearningRateFactor factor in factors)
        {
            if (FileSystemName.MatchesSimpleExpression(factor.Pattern, parameter.Name, ignoreCase: false)
                || FileSystemName.MatchesSimpleExpression(factor.Pattern, parameter.Module, ignoreCase: false))
            {
                return factor.Factor;
            }
        }

        return 1;
    }
}
