namespace Engine.PtxInterpreter;


/// <summary>What an instruction does to the flow of threads.</summary>
internal enum InstructionKind
{
    /// <summary>The threads go on to the next instruction.</summary>
    Compute,

    /// <summary>They jump.</summary>
    Branch,

    /// <summary>They jump to one of several places.</summary>
    IndexedBranch,

    /// <summary>They end.</summary>
    Exit,

    /// <summary>They wait for others of their warp.</summary>
    WarpSync,

    /// <summary>They wait for others of their block.</summary>
    Barrier,
}
