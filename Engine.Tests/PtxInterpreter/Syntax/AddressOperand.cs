namespace Engine.PtxInterpreter;

/// <summary>An address in brackets.</summary>
internal sealed record AddressOperand(PtxOperand Base, long Offset) : PtxOperand
{
    /// <inheritdoc/>
    public override string ToString() => Offset == 0 ? $"[{Base}]" : $"[{Base}+{Offset}]";
}
