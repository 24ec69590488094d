using Engine.Kernels.Cases;

namespace Engine.Bench;

/// <summary>What came of running a variant.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Compared">The worst of its outputs beside the reference; null if it did not run to its end.</param>
/// <param name="Problem">What is wrong with it; null if nothing is.</param>
internal sealed record VariantResult(KernelVariant Variant, OperandError? Compared, string? Problem)
{
    /// <summary>On the interpreter: what it counted.</summary>
    public VariantCounts? Counts { get; init; }

    /// <summary>On a device: times of one run.</summary>
    public Measurement? Times { get; init; }

    /// <summary>Whether the device lacks what the variant needs.</summary>
    public bool IsSkipped => Compared is null && Problem is null;

    /// <summary>Whether nothing is wrong and nothing was found.</summary>
    public bool IsClean => Problem is null && (Counts is null || Counts.Findings.Count == 0);
}
