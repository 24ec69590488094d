namespace Engine.PtxInterpreter;

/// <summary>What an instruction is there for.</summary>
public enum InstructionCategory
{
    /// <summary>Floating-point numbers: add, mul, fma, ex2. Addresses and counters are <see cref="Other"/>.</summary>
    Arithmetic,

    /// <summary>Shared memory.</summary>
    Shared,

    /// <summary>Global memory, also where it is copied to shared memory.</summary>
    Global,

    /// <summary>A barrier of the block or of a warp.</summary>
    Barrier,

    /// <summary>Tensor cores.</summary>
    Tensor,

    /// <summary>Addresses, counters, comparisons, branches, shuffles, moves, conversions, parameters.</summary>
    Other,
}
