namespace Engine.PtxInterpreter;

/// <summary>An operand of an instruction; as text it reads as it is written in PTX.</summary>
internal abstract record PtxOperand;
