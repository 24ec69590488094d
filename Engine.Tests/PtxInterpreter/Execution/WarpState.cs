namespace Engine.PtxInterpreter;


/// <summary>Whether a warp can go on.</summary>
internal enum WarpState
{
    Ready, AtBarrier, Done,
}
