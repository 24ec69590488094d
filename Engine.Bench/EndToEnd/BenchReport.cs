using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Engine.Bench;

/// <summary>One JSON line per case: rates with their spread, memory, what the machine can do, and what was measured.</summary>
internal static class BenchReport
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Prints the line.</summary>
    /// <param name="name">Case with its sizes.</param>
    /// <param name="unit">Of the rates, for example "images/s".</param>
    /// <param name="work">Units of work of one repeat.</param>
    /// <param name="measurement">The times.</param>
    /// <param name="setup">Backend and peaks.</param>
    /// <param name="flops">Of one repeat, for the share of the peak; 0 if it is not counted.</param>
    /// <param name="bytes">Moved by one repeat at the least, for the share of the bandwidth; 0 if it is not counted.</param>
    public static void Print(
        string name, string unit, double work, Measurement measurement, BenchSetup setup, double flops = 0, double bytes = 0)
    {
        IReadOnlyList<double> rates = measurement.Rates(work);
        double peakMemory = PeakMemoryBytes();
        Console.WriteLine(JsonSerializer.Serialize(
            new
            {
                Case = name,
                Unit = unit,
                Median = Round(work / measurement.Median),
                Min = Round(rates[^1]),
                Max = Round(rates[0]),
                Repeats = rates.Count,
                MedianMilliseconds = Round(measurement.Median * 1e3),
                GigaFlops = flops > 0 ? Round(flops / measurement.Median / 1e9) : (double?)null,
                PercentOfFmaPeak = flops > 0 ? Round(flops / measurement.Median / 1e7 / setup.Peaks.GigaFlops) : (double?)null,
                GigaBytesPerSecond = bytes > 0 ? Round(bytes / measurement.Median / 1e9) : (double?)null,
                PercentOfCopy = bytes > 0 ? Round(bytes / measurement.Median / 1e7 / setup.Peaks.CopyGigaBytes) : (double?)null,
                PeakMemoryMegabytes = Round(peakMemory / 1e6),
                FmaPeakGigaFlops = Round(setup.Peaks.GigaFlops),
                CopyGigaBytesPerSecond = Round(setup.Peaks.CopyGigaBytes),
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

    private static double Round(double value) => double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>The commit of the source tree that the program stands in; "unknown" outside of one.</summary>
    private static string Commit()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string head = Path.Combine(folder.FullName, ".git", "HEAD");
            if (File.Exists(head))
            {
                string text = File.ReadAllText(head).Trim();
                string reference = Path.Combine(folder.FullName, ".git", text.Split(' ').Last());
                return text.StartsWith("ref:", StringComparison.Ordinal)
                    ? File.Exists(reference) ? File.ReadAllText(reference).Trim()[..10] : "unknown"
                    : text[..10];
            }
        }

        return "unknown";
    }
}
