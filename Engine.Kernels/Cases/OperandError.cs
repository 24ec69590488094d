using System.Globalization;

namespace Engine.Kernels.Cases;

/// <summary>The worst element of one output.</summary>
/// <param name="Operand">Name of the output.</param>
/// <param name="Error">Largest difference, divided by the largest expected magnitude; infinite if NaN or an integer is wrong.</param>
/// <param name="Tolerance">The largest error that passes.</param>
/// <param name="Row">Row of the worst element.</param>
/// <param name="Column">Column of the worst element.</param>
/// <param name="Expected">What it should be.</param>
/// <param name="Actual">What it is.</param>
public sealed record OperandError(
    string Operand, double Error, double Tolerance, int Row, int Column, double Expected, double Actual)
{
    /// <summary>True if the error is within the tolerance.</summary>
    public bool Passed => Error <= Tolerance;

    /// <summary>For example "'c'[3, 17] is 0.5, expected 0.25: error 1.2E-001, tolerance 1.0E-005".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"'{Operand}'[{Row}, {Column}] is {Actual:G9}, expected {Expected:G9}: error {Error:E1}, tolerance {Tolerance:E1}");
}
