namespace Engine.PtxInterpreter;


/// <summary>What a run can find beside wrong numbers.</summary>
public enum FindingKind
{
    /// <summary>Two threads touch the same shared memory, at least one writes, and no barrier orders them.</summary>
    SharedRace,

    /// <summary>Shared memory is read that nothing has written.</summary>
    UninitialisedSharedRead,

    /// <summary>The target of a cp.async copy is touched before the thread that issued it has waited.</summary>
    AsyncCopyRace,

    /// <summary>A thread exits with copies that it never waited for.</summary>
    AsyncCopyUnfinished,

    /// <summary>Threads of a warp disagree at a branch that promises to be uniform.</summary>
    DivergentUniformBranch,

    /// <summary>A shuffle reads a lane that does not take part.</summary>
    InactiveShuffleSource,

    /// <summary>Warps have exited while others wait at a barrier of the whole block.</summary>
    ExitWhileOthersWait,
}
