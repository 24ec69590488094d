using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text.Json;

namespace Engine.Bench;

/// <summary>One JSON line per case: rates with their spread, memory, what the machine can do, and what was measured.</summary>
internal static class BenchReport
{
    private const int CommitLetters = 10;

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Writes the line.</summary>
    /// <param name="setup">Backend, peaks, and where to write.</param>
    /// <param name="result">The case and its times.</param>
    public static void Print(BenchSetup setup, BenchResult result)
    {
        double median = result.Measurement.Median;
        MachinePeaks? peaks = setup.Peaks;
        IReadOnlyList<double> rates = result.Measurement.Rates(result.Work);
        double peakMemory = PeakMemoryBytes();
        setup.Output.WriteLine(JsonSerializer.Serialize(
            new
            {
                Case = result.Name,
                result.Unit,
                Median = Round(result.Work / median),
                Min = Round(rates[^1]),
                Max = Round(rates[0]),
                Repeats = rates.Count,
                MedianMilliseconds = Round(median * 1e3),
                Parts = result.Parts.Count == 0 ? null : result.Parts.Select(part => new
                {
                    Part = part.Name,
                    MedianMilliseconds = Round(part.Measurement.Median * 1e3),
                    PercentOfCase = Round(part.Measurement.Median / median * 100),
                }),
                GigaFlops = result.Flops > 0 ? Round(result.Flops / median / 1e9) : (double?)null,
                PercentOfFmaPeak = result.Flops > 0 ? Round(result.Flops / median / 1e7 / peaks?.GigaFlops) : null,
                GigaBytesPerSecond = result.Bytes > 0 ? Round(result.Bytes / median / 1e9) : (double?)null,
                PercentOfCopy = result.Bytes > 0 ? Round(result.Bytes / median / 1e7 / peaks?.CopyGigaBytes) : null,
                PeakMemoryMegabytes = Round(peakMemory / 1e6),
                FmaPeakGigaFlops = Round(peaks?.GigaFlops),
                CopyGigaBytesPerSecond = Round(peaks?.CopyGigaBytes),
                setup.Backend.Info.Threads,
                Isa = setup.Backend.Info.Description,
                Commit = Commit(),
            },
            Options));
    }

    /// <summary>Largest resident set of this process so far.</summary>
    private static double PeakMemoryBytes()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static double Round(double value) =>
        double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double? Round(double? value) => value is double number ? Round(number) : null;

    /// <summary>The commit that the program was built from, as the SDK writes it behind the version; "unknown" outside of a
    /// repository.</summary>
    private static string Commit()
    {
        AssemblyInformationalVersionAttribute? attribute = typeof(BenchReport).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        string version = attribute?.InformationalVersion ?? string.Empty;
        string commit = version[(version.IndexOf('+', StringComparison.Ordinal) + 1)..];
        return commit.Length >= CommitLetters && commit.Length < version.Length ? commit[..CommitLetters] : "unknown";
    }
}
