using System.Collections.Generic;
using System.Linq;

namespace Engine.Kernels.Cases;

/// <summary>What came of running a case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Errors">One entry per output or gradient.</param>
/// <param name="StrayWrite">A write outside the elements that the op may write; null if there is none.</param>
public sealed record CaseResult(OpCase Case, IReadOnlyList<OperandError> Errors, string? StrayWrite)
{
    /// <summary>True if every output is within its tolerance and nothing else was written.</summary>
    public bool Passed => StrayWrite is null && Errors.All(error => error.Passed);

    /// <summary>The output that uses up most of its tolerance.</summary>
    public OperandError Worst => Errors.MaxBy(error => error.Error == 0 ? 0 : error.Error / error.Tolerance)!;

    /// <summary>The case, and its worst output or stray write.</summary>
    public override string ToString() => $"{Case}: {StrayWrite ?? Worst.ToString()}";
}
