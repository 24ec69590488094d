using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Engine.Bench;
using Xunit;

namespace Engine.Tests;

/// <summary>Whole jobs at tiny size: every case runs, and its line carries what a benchmark is read for.</summary>
public sealed class EndToEndCommandTests
{
    private static readonly MachinePeaks Peaks = new(GigaFlops: 200, CopyGigaBytes: 20);

    [Theory]
    [InlineData("GFLOP/s", "gemm --m 5 --n 40 --k 7")]
    [InlineData("images/s", "vit-forward --model vit-tiny --batch 2")]
    [InlineData("tokens/s", "gpt2-train --model gpt2-tiny --batch 2 --tokens 8")]
    [InlineData("tokens/s", "generate --model gpt2-tiny --tokens 4")]
    [InlineData("Mparameters/s", "merge --model vit-tiny --experts 3 --dtype bf16")]
    [InlineData("Mparameters/s", "multi-dot --model vit-tiny --experts 3")]
    [InlineData("steps/s", "pareto-step --model vit-tiny --experts 3 --batch 2")]
    [InlineData("steps/s", "pareto-step --model gpt2-tiny --experts 2 --batch 2 --tokens 8 --granularity row")]
    public void Line_OfEveryCase_CarriesRatesMemoryPeaksThreadsIsaAndCommit(string unit, string arguments)
    {
        JsonElement[] lines = Run($"{arguments} --threads 2 --seconds 0");

        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            Assert.StartsWith(arguments.Split(' ')[0], line.GetProperty("case").GetString(), StringComparison.Ordinal);
            Assert.Equal(unit, line.GetProperty("unit").GetString());
            double median = line.GetProperty("median").GetDouble();
            Assert.InRange(line.GetProperty("min").GetDouble(), double.Epsilon, median);
            Assert.InRange(line.GetProperty("max").GetDouble(), median, double.MaxValue);
            Assert.InRange(line.GetProperty("repeats").GetInt32(), 5, int.MaxValue);
            Assert.InRange(line.GetProperty("peak_memory_megabytes").GetDouble(), 10, 1e6);
            Assert.Equal(Peaks.GigaFlops, line.GetProperty("fma_peak_giga_flops").GetDouble());
            Assert.Equal(Peaks.CopyGigaBytes, line.GetProperty("copy_giga_bytes_per_second").GetDouble());
            Assert.Equal(2, line.GetProperty("threads").GetInt32());
            Assert.EndsWith(", 2 threads", line.GetProperty("isa").GetString(), StringComparison.Ordinal);
            Assert.Matches("^([0-9a-f]{10}|unknown)$", line.GetProperty("commit").GetString());
        });
    }

    [Fact]
    public void Line_OfAnotherDevice_NamesItAndHasNoPeaksOfTheProcessor()
    {
        JsonElement line = Run("gemm --m 5 --n 40 --k 7 --device reference --seconds 0")[0];
        Assert.Equal("scalar, float64 accumulation", line.GetProperty("isa").GetString());
        Assert.Equal(JsonValueKind.Null, line.GetProperty("percent_of_fma_peak").ValueKind);
        Assert.Equal(JsonValueKind.Null, line.GetProperty("fma_peak_giga_flops").ValueKind);
    }

    [Fact]
    public void Line_Shares_FollowFromWorkTimeAndPeaks()
    {
        JsonElement gemm = Run("gemm --m 5 --n 40 --k 7 --threads 1 --seconds 0")[0];
        double rate = gemm.GetProperty("median").GetDouble();
        Assert.Equal(1, rate * gemm.GetProperty("median_milliseconds").GetDouble() / (2.0 * 5 * 40 * 7 / 1e6), 1e-3);
        Assert.Equal(rate, gemm.GetProperty("giga_flops").GetDouble());
        Assert.Equal(1, gemm.GetProperty("percent_of_fma_peak").GetDouble() / (rate / Peaks.GigaFlops * 100), 1e-3);
        Assert.Equal(JsonValueKind.Null, gemm.GetProperty("percent_of_copy").ValueKind);
    }

    [Fact]
    public void ParetoStep_SamplesPerStep_AreSharedByTheTasks()
    {
        JsonElement step = Assert.Single(Run("pareto-step --model vit-tiny --experts 4 --samples-per-step 8 --threads 2 --seconds 0"));

        Assert.Contains(" 4 experts F32 batch 2 ", step.GetProperty("case").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            ["merge", "contraction"], step.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("part").GetString()!));
        Assert.All(step.GetProperty("parts").EnumerateArray(), part =>
            Assert.InRange(part.GetProperty("percent_of_case").GetDouble(), double.Epsilon, double.MaxValue));
    }

    [Fact]
    public void ParetoStep_SamplesThatDoNotDivide_AreAUsageError()
    {
        string error = Assert.Single(
            EndToEndCommand.Create(Peaks).Parse("pareto-step --experts 3 --samples-per-step 8").Errors).Message;
        Assert.Contains("expected a multiple of 3 experts, found 8", error, StringComparison.Ordinal);
    }

    private static JsonElement[] Run(string arguments)
    {
        using StringWriter output = new();
        Assert.Equal(
            0, EndToEndCommand.Create(Peaks).Parse(arguments).Invoke(new() { Output = output, EnableDefaultExceptionHandler = false }));
        return [.. output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(static line =>
            JsonDocument.Parse(line).RootElement)];
    }
}
