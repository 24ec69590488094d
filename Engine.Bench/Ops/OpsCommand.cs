using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.IO.Enumeration;
using System.Linq;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Engine.Kernels.Cases;
using Engine.Kernels.Host;

namespace Engine.Bench;

/// <summary>"ops": BenchmarkDotNet over the table of op cases.</summary>
internal static class OpsCommand
{
    private const int LongestCaseName = 80;
    private const int UsageError = 2;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<string[]> filter = new("--filter")
        {
            Description = "Only ops or cases whose name matches, for example Gemm, Attention* or \"Gemm nt 1600x*\"; all without it",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> list = new("--list") { Description = "Print the cases with their flops and bytes, and measure nothing" };
        Command command = new(
            "ops", "Every op of the table of op cases at real size, with GFLOP/s, GB/s and percent of the machine's peaks")
        {
            filter, list,
        };
        command.SetAction(result =>
        {
            string[] patterns = result.GetValue(filter) ?? [];
            if (Array.Find(patterns, static pattern => Select([pattern]).Length == 0) is string unmatched)
            {
                result.InvocationConfiguration.Error.WriteLine(
                    $"--filter: no case matches '{unmatched}'; the ops are "
                    + $"{string.Join(", ", OpCases.Large.Select(static opCase => opCase.Op).Distinct())}.");
                return UsageError;
            }

            OpCase[] cases = Select(patterns);
            return result.GetValue(list) ? Print(cases, result.InvocationConfiguration.Output) : Measure(cases);
        });
        return command;
    }

    /// <summary>The large cases whose op or whole name matches one of the patterns; all if there is none.</summary>
    private static OpCase[] Select(string[] patterns) =>
        [.. OpCases.Large.Where(opCase => patterns.Length == 0 || patterns.Any(pattern => Matches(pattern, opCase)))];

    private static bool Matches(string pattern, OpCase opCase) =>
        FileSystemName.MatchesSimpleExpression(pattern, opCase.Op) || FileSystemName.MatchesSimpleExpression(pattern, opCase.ToString());

    private static int Print(OpCase[] cases, TextWriter output)
    {
        foreach (OpCase opCase in cases)
        {
            output.WriteLine(FormattableString.Invariant($"{opCase}: {opCase.Flops / 1e6:F1} Mflop, {opCase.Bytes / 1e6:F1} MB"));
        }

        return 0;
    }

    private static int Measure(OpCase[] cases)
    {
        HostIsa isa = HostIsaProbe.Choose();
        MachinePeaks peaks = MachinePeaks.Measure(Environment.ProcessorCount, isa);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{isa}, {Environment.ProcessorCount} threads: {peaks.GigaFlops:F1} GFLOP/s of multiply-adds, copy {peaks.CopyGigaBytes:F1} "
            + $"GB/s; OpenBLAS is {(OpenBlas.IsInstalled ? "measured beside the products" : "not installed")}"));
        OpBenchmarks.Selected = cases;
        IConfig config = DefaultConfig.Instance
            .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(LongestCaseName))
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddFilter(new SimpleFilter(OpBenchmarks.IsMeasured))
            .AddColumn(
                new RateColumn("GFLOP/s", static opCase => opCase.Flops / 1e9),
                new RateColumn("GB/s", static opCase => opCase.Bytes / 1e9),
                new RateColumn("% of FMA peak", static opCase => opCase.Flops / 1e7, peaks.GigaFlops),
                new RateColumn("% of copy", static opCase => opCase.Bytes / 1e7, peaks.CopyGigaBytes));
        return BenchmarkRunner.Run<OpBenchmarks>(config).Reports.All(static report => report.Success) ? 0 : 1;
    }
}
