namespace Engine.PtxInterpreter;

/// <summary>A label: the instruction that follows may be jumped to by name.</summary>
internal sealed record LabelStatement(string Name, int Line) : PtxStatement(Line);
