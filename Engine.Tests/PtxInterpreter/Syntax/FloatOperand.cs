using System.Globalization;

namespace Engine.PtxInterpreter;

/// <summary>A floating constant, held exactly; a 0f constant is single and a 0d one is not.</summary>
internal sealed record FloatOperand(double Value, bool IsSingle, ulong Bits) : PtxOperand
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("R", CultureInfo.InvariantCulture);
}
