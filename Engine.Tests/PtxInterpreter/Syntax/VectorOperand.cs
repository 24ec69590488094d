using System.Collections.Generic;

namespace Engine.PtxInterpreter;

/// <summary>A list of registers or constants in braces.</summary>
internal sealed record VectorOperand(IReadOnlyList<PtxOperand> Elements) : PtxOperand
{
    /// <inheritdoc/>
    public override string ToString() => "{" + string.Join(", ", Elements) + "}";
}
