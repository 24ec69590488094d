namespace Engine.PtxInterpreter;


/// <summary>How to run a launch.</summary>
public sealed record LaunchOptions
{
    /// <summary>Runs warps in random short turns with this seed; null runs each from barrier to barrier.</summary>
    public int? Seed { get; init; }

    /// <summary>Whether to count wavefronts and sectors of memory accesses; takes about as long as the accesses themselves.</summary>
    public bool CollectCounters { get; init; } = true;

    /// <summary>Runs a kernel in spite of errors that an assembler or linker would report.</summary>
    public bool IgnoreErrors { get; init; }

    /// <summary>Instructions of warps that one block may execute before it counts as endless.</summary>
    public long MaxInstructions { get; init; } = 4_000_000_000;

    /// <summary>
    /// Threads of the host that share the blocks of a grid. Findings and counters do not depend on it. Kernels with atomics in global
    /// memory run on one thread all the same, so that their sums come in one order.
    /// </summary>
    public int HostThreads { get; init; } = 1;
}
