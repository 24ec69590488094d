using System.Collections.Generic;

namespace Engine.Bench;

/// <summary>What one case did.</summary>
/// <param name="Name">Case with its sizes.</param>
/// <param name="Unit">Of the rates, for example "images/s".</param>
/// <param name="Work">Units of work of one repeat.</param>
/// <param name="Measurement">The times.</param>
internal sealed record BenchResult(string Name, string Unit, double Work, Measurement Measurement)
{
    /// <summary>Floating-point operations of one repeat, for the share of the peak; 0 if they are not counted.</summary>
    public double Flops { get; init; }

    /// <summary>Bytes moved by one repeat at the least, for the share of the bandwidth; 0 if they are not counted.</summary>
    public double Bytes { get; init; }

    /// <summary>Reads of memory that the repeats were set beside, if they were.</summary>
    public ReadComparison? Reads { get; init; }

    /// <summary>Parts of a repeat, each timed by itself.</summary>
    public IReadOnlyList<(string Name, Measurement Measurement)> Parts { get; init; } = [];
}
