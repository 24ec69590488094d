namespace Engine.PtxInterpreter;

/// <summary>A statement of a function body.</summary>
internal abstract record PtxStatement(int Line);
