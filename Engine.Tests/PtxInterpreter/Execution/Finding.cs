using System.Globalization;

namespace Engine.PtxInterpreter;


/// <summary>One kind of finding at one instruction, with its first occurrence and its count.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Line">The instruction's line in the PTX text.</param>
/// <param name="First">Block, thread and details of the first occurrence.</param>
public sealed record Finding(FindingKind Kind, int Line, string First)
{
    /// <summary>How often it occurred.</summary>
    public long Count { get; internal set; } = 1;

    /// <summary>The index of the block of the first occurrence.</summary>
    internal int Block { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} x{Count} at line {Line}: {First}");
}
