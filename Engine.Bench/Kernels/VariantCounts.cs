using System;
using System.Collections.Generic;
using System.Linq;
using Engine.PtxInterpreter;

namespace Engine.Bench;

/// <summary>What the interpreter counted while a variant ran, all its launches together.</summary>
internal sealed record VariantCounts
{
    private const int SectorBytes = 32;

    /// <param name="launches">Kernels and their reports.</param>
    public VariantCounts(IReadOnlyList<(string Kernel, LaunchReport Report)> launches)
    {
        Kernels = [.. launches.Select(static launch => launch.Kernel)];
        Instructions = Enum.GetValues<InstructionCategory>().ToDictionary(
            static category => category,
            category => launches.Sum(launch => launch.Report.InstructionsByCategory[category]));
        AccessCounters[] counters = [.. launches.Select(static launch => launch.Report.Counters)];
        SharedWavefronts = counters.Sum(static counter => counter.SharedWavefronts);
        SharedIdealWavefronts = counters.Sum(static counter => counter.SharedIdealWavefronts);
        GlobalSectors = counters.Sum(static counter => counter.GlobalSectors);
        GlobalIdealSectors = counters.Sum(static counter => counter.GlobalIdealSectors);
        Findings = [.. from launch in launches from finding in launch.Report.Findings select $"{launch.Kernel}: {finding}"];
    }

    /// <summary>Names of the kernels that were launched, in order.</summary>
    public IReadOnlyList<string> Kernels { get; }

    /// <summary>Instructions that warps executed.</summary>
    public IReadOnlyDictionary<InstructionCategory, long> Instructions { get; }

    /// <summary>Wavefronts of shared memory.</summary>
    public long SharedWavefronts { get; }

    /// <summary>Those without bank conflicts.</summary>
    public long SharedIdealWavefronts { get; }

    /// <summary>Sectors of 32 bytes that go between the multiprocessors and the caches.</summary>
    public long GlobalSectors { get; }

    /// <summary>Those that the bytes would fill side by side; where lanes read the same number, fewer suffice.</summary>
    public long GlobalIdealSectors { get; }

    /// <summary>Races and the like, one a line.</summary>
    public IReadOnlyList<string> Findings { get; }

    /// <summary>Bytes of the sectors.</summary>
    public long GlobalBytes => GlobalSectors * SectorBytes;
}
