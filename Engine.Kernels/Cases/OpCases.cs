using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.Kernels.Cases;

/// <summary>
/// The table of op cases: one for all backends and all three uses (comparing with the reference, checking gradients, measuring speed).
/// Adding an op is adding its cases.
/// </summary>
public static class OpCases
{
    private static readonly Lazy<IReadOnlyList<OpCase>> Table = new(() =>
    [
        .. GemmCases.All(), .. SumRowsCases.All(), .. LayerNormCases.All(), .. RowNormCases.All(), .. AttentionCases.All(),
        .. ActivationCases.All(), .. TokenCases.All(), .. ImageCases.All(), .. LossCases.All(), .. MergeCases.All(),
        .. OptimizerCases.All(), .. TransferCases.All(),
    ]);

    private static readonly Lazy<Dictionary<string, OpCase>> Named = new(() => Table.Value.ToDictionary(opCase => opCase.ToString()));

    /// <summary>All cases.</summary>
    public static IReadOnlyList<OpCase> All => Table.Value;

    /// <summary>Cases small enough to be compared with the reference.</summary>
    public static IEnumerable<OpCase> Small => All.Where(opCase => !opCase.IsLarge);

    /// <summary>Realistic sizes for measuring speed; the reference takes long for them.</summary>
    public static IEnumerable<OpCase> Large => All.Where(opCase => opCase.IsLarge);

    /// <summary>Small cases of backward ops that finite differences apply to.</summary>
    public static IEnumerable<OpCase> Gradients => Small.Where(opCase => opCase.InputGradients.Count > 0);

    /// <summary>The case with this op and name, as <see cref="OpCase.ToString"/> gives them.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static OpCase Find(string name) => Named.Value[name];
}
