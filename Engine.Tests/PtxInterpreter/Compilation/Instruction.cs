using System;

namespace Engine.PtxInterpreter;


/// <summary>An instruction ready to run.</summary>
internal sealed class Instruction(InstructionStatement source)
{
    public InstructionStatement Source { get; } = source;

    public int Line { get; } = source.Line;

    public InstructionKind Kind { get; set; }

    public WarpAction? Action { get; set; }

    /// <summary>The slot of the guard predicate, or -1.</summary>
    public int Guard { get; set; } = -1;

    public bool GuardNegated { get; set; }

    /// <summary>The instruction a branch goes to.</summary>
    public int Target { get; set; } = -1;

    /// <summary>The instructions an indexed branch may go to.</summary>
    public int[] Targets { get; set; } = [];

    /// <summary>The slot of the index into them.</summary>
    public int Selector { get; set; }

    /// <summary>Whether a branch promises that all threads agree.</summary>
    public bool Uniform { get; set; }

    /// <summary>The lanes that must arrive before a warp-wide instruction can run; all live lanes if null.</summary>
    public Func<Warp, uint, uint>? Required { get; set; }

    /// <summary>The slot of a block barrier's number.</summary>
    public int BarrierSlot { get; set; }

    /// <summary>The slot of its thread count, or -1 for the whole block.</summary>
    public int BarrierCountSlot { get; set; } = -1;

    /// <summary>The votes that a warp brings to a barrier that reduces, or null.</summary>
    public Func<Warp, int>? BarrierVotes { get; set; }
}
