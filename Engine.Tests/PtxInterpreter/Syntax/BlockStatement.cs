using System.Collections.Generic;

namespace Engine.PtxInterpreter;

/// <summary>Statements in braces, a scope of names.</summary>
internal sealed record BlockStatement(List<PtxStatement> Statements, int Line) : PtxStatement(Line);
