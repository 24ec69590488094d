using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Engine.Kernels;

namespace Engine.Bench;

/// <summary>One JSON line per case: rates with their spread, memory, what the machine can do, and what was measured.</summary>
internal static class BenchReport
{
    /// <summary>Writes the line.</summary>
    /// <param name="setup">Backend, peaks, and where to write.</param>
    /// <param name="result">The case and its times.</param>
    public static void Print(BenchSetup setup, BenchResult result)
    {
        double median = result.Measurement.Median;
        IReadOnlyList<double> rates = result.Measurement.Rates(result.Work);
        double peakMemory = PeakMemoryBytes();

        // Only now: measuring them takes memory of its own.
        MachinePeaks? peaks = setup.Peaks;
        setup.Output.WriteLine(BenchJson.Line(
            new
            {
                Case = result.Name,
                result.Unit,
                Median = BenchJson.Round(result.Work / median),
                Min = BenchJson.Round(rates[^1]),
                Max = BenchJson.Round(rates[0]),
                Repeats = rates.Count,
                MedianMilliseconds = BenchJson.Round(median * 1e3),
                Parts = result.Parts.Count == 0 ? null : result.Parts.Select(part => new
                {
                    Part = part.Name,
                    MedianMilliseconds = BenchJson.Round(part.Measurement.Median * 1e3),
                    PercentOfCase = BenchJson.Round(part.Measurement.Median / median * 100),
                }),
                GigaFlops = result.Flops > 0 ? BenchJson.Round(result.Flops / median / 1e9) : (double?)null,
                PercentOfFmaPeak = result.Flops > 0 ? BenchJson.Round(result.Flops / median / 1e7 / peaks?.GigaFlops) : null,
                GigaBytesPerSecond = result.Bytes > 0 ? BenchJson.Round(result.Bytes / median / 1e9) : (double?)null,
                PercentOfCopy = result.Bytes > 0 ? BenchJson.Round(result.Bytes / median / 1e7 / peaks?.CopyGigaBytes) : null,
                ReadGigaBytesPerSecond = BenchJson.Round(result.Reads?.GigaBytesPerSecond),
                PercentOfRead = BenchJson.Round(result.Reads?.Share * 100),
                PeakMemoryMegabytes = BenchJson.Round(peakMemory / 1e6),
                FmaPeakGigaFlops = BenchJson.Round(peaks?.GigaFlops),
                CopyGigaBytesPerSecond = BenchJson.Round(peaks?.CopyGigaBytes),
                setup.Backend.Info.Threads,
                Isa = setup.Backend.Info.Description,
                Precision = Precisions.NameOf(setup.Backend.Info.Precision),
                BenchJson.Commit,
            }));
    }

    /// <summary>Largest resident set of this process so far.</summary>
    private static double PeakMemoryBytes()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
