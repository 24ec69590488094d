using System.Collections.Generic;

namespace Engine.PtxInterpreter;


/// <summary>A variable in memory. <see cref="Bytes"/> is -1 for an unsized extern array.</summary>
internal sealed record PtxVariable(
    string Name, StateSpace Space, PtxType Type, int Alignment, int Bytes, int Line, IReadOnlyList<PtxOperand>? Initial = null);
