namespace Engine.PtxInterpreter;

/// <summary>The declaration of a variable inside a function.</summary>
internal sealed record VariableStatement(PtxVariable Variable) : PtxStatement(Variable.Line);
