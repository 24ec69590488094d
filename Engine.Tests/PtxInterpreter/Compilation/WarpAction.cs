namespace Engine.PtxInterpreter;


/// <summary>Does an instruction's work on the given lanes of a warp.</summary>
internal delegate void WarpAction(Warp warp, uint lanes);
