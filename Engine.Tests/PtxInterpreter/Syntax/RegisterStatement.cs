namespace Engine.PtxInterpreter;

/// <summary>A .reg declaration; a count of -1 means a single register without number.</summary>
internal sealed record RegisterStatement(string Name, PtxType Type, int Count, int Line) : PtxStatement(Line);
