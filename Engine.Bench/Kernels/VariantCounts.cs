using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Engine.PtxInterpreter;

namespace Engine.Bench;

/// <summary>What the interpreter counted while a variant ran, all its launches together.</summary>
internal sealed record VariantCounts
{
    private const int SectorBytes = 32;
    private const double LeastWaste = 1.1;

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
        Waste = [.. Worst(launches, Sectors, "sectors"), .. Worst(launches, Wavefronts, "wavefronts")];
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

    /// <summary>The accesses that waste most, one of global and one of shared memory, if any is far from the ideal; one a line.</summary>
    public IReadOnlyList<string> Waste { get; }

    /// <summary>Races and the like, one a line.</summary>
    public IReadOnlyList<string> Findings { get; }

    /// <summary>Bytes of the sectors.</summary>
    public long GlobalBytes => GlobalSectors * SectorBytes;

    private static (long Count, long Ideal) Sectors(AccessCounters counters) =>
        (counters.GlobalSectors, counters.GlobalIdealSectors);

    private static (long Count, long Ideal) Wavefronts(AccessCounters counters) =>
        (counters.SharedWavefronts, counters.SharedIdealWavefronts);

    private static IEnumerable<string> Worst(
        IReadOnlyList<(string Kernel, LaunchReport Report)> launches, Func<AccessCounters, (long Count, long Ideal)> of, string unit) =>
        (from launch in launches
         from access in launch.Report.Accesses
         let counts = of(access.Counters)
         where counts.Count > LeastWaste * counts.Ideal
         orderby counts.Count - counts.Ideal descending
         select string.Create(
             CultureInfo.InvariantCulture,
             $"{launch.Kernel}, line {access.Line} of the PTX: {access.Mnemonic} takes {(double)counts.Count / counts.Ideal:F2} times the "
             + $"ideal {unit}"))
        .Take(1);
}
