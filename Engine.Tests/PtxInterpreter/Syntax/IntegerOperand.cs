using System.Globalization;

namespace Engine.PtxInterpreter;

/// <summary>An integer constant.</summary>
internal sealed record IntegerOperand(ulong Bits) : PtxOperand
{
    /// <inheritdoc/>
    public override string ToString() => ((long)Bits).ToString(CultureInfo.InvariantCulture);
}
