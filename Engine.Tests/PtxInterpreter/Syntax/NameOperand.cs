namespace Engine.PtxInterpreter;

/// <summary>A register, variable, label or special register.</summary>
internal sealed record NameOperand(string Name, bool Negated) : PtxOperand
{
    /// <inheritdoc/>
    public override string ToString() => (Negated ? "!" : "") + Name;
}
