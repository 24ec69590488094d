namespace Engine.PtxInterpreter;

/// <summary>A pair of destinations, written d|p.</summary>
internal sealed record PairOperand(PtxOperand First, PtxOperand Second) : PtxOperand
{
    /// <inheritdoc/>
    public override string ToString() => $"{First}|{Second}";
}
