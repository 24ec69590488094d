using System.Collections.Generic;

namespace Engine.PtxInterpreter;

/// <summary>The parenthesised list of a call.</summary>
internal sealed record ListOperand(IReadOnlyList<PtxOperand> Items) : PtxOperand
{
    /// <inheritdoc/>
    public override string ToString() => "(" + string.Join(", ", Items) + ")";
}
