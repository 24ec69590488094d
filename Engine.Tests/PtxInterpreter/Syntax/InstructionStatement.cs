using System;
using System.Collections.Generic;

namespace Engine.PtxInterpreter;


/// <summary>One instruction; the opcode is split at its dots.</summary>
internal sealed record InstructionStatement(
    string? Guard, bool GuardNegated, string[] Opcode, IReadOnlyList<PtxOperand> Operands, int Line) : PtxStatement(Line)
{
    /// <summary>The opcode with its modifiers as written.</summary>
    public string Mnemonic { get; } = string.Join('.', Opcode);

    /// <summary>Whether the opcode has a modifier.</summary>
    public bool Has(string modifier) => Array.IndexOf(Opcode, modifier, 1) > 0;

    /// <inheritdoc/>
    public override string ToString() =>
        (Guard is null ? "" : $"@{(GuardNegated ? "!" : "")}{Guard} ") + Mnemonic + " " + string.Join(", ", Operands);
}
