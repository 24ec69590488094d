using System.CommandLine;
using System.Linq;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Engine.Bench;

/// <summary>"ops": BenchmarkDotNet over the table of op cases.</summary>
internal static class OpsCommand
{
    private const int LongestCaseName = 80;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<string[]> filter = new("--filter")
        {
            Description = "Ops to measure by name, for example Gemm; all without it",
            AllowMultipleArgumentsPerToken = true,
        };
        Command command = new("ops", "Every op of the table of op cases at real size, with GFLOP/s, GB/s and percent of the machine's peaks") { filter };
        command.SetAction(result =>
        {
            OpBenchmarks.Filter = result.GetValue(filter) ?? [];
            IConfig config = DefaultConfig.Instance
                .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(LongestCaseName))
                .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
                .AddColumn(new RateColumn("GFLOP/s", static (work, peaks) => (work.Flops / 1e9, null)))
                .AddColumn(new RateColumn("GB/s", static (work, peaks) => (work.Bytes / 1e9, null)))
                .AddColumn(new RateColumn("% of FMA peak", static (work, peaks) => (work.Flops / 1e7, peaks.GigaFlops)))
                .AddColumn(new RateColumn("% of copy", static (work, peaks) => (work.Bytes / 1e7, peaks.CopyGigaBytes)));
            return BenchmarkRunner.Run<OpBenchmarks>(config).Reports.All(static report => report.Success) ? 0 : 1;
        });
        return command;
    }
}
