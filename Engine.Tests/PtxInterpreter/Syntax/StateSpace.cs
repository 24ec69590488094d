namespace Engine.PtxInterpreter;


/// <summary>A PTX state space, the memory that a variable or an access lives in; None is generic.</summary>
internal enum StateSpace
{
    None, Register, Global, Shared, Local, Param, Const,
}
