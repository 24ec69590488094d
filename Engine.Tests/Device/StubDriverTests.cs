using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Engine.Bench;
using Xunit;

namespace Engine.Tests;

/// <summary>
/// The way to the driver of CUDA, with a driver that computes nothing and looks at what it is given: kernels are loaded and unloaded,
/// launched with a context and arguments of the right size, and graphs made, changed, enqueued and freed. Needs a C compiler.
/// </summary>
[Trait("Category", "Device")]
public sealed partial class StubDriverTests
{
    private const string Job = "e2e gpt2-train --device cuda --precision bf16 --model gpt2-tiny --batch 1 --tokens 8 --seconds 0";

    [Fact]
    public void Job_OneByOne_LaunchesAndUnloadsEverything()
    {
        (Dictionary<string, long> counts, string output) = Run("-DINSTANTIATE=0", graphs: null, Job);
        Assert.True(counts["launches"] > 100, output);
        Assert.Equal(0, counts["graphs"]);

        // The large tiles are compiled in advance, and may have more than 48 KB of shared memory.
        Assert.True(counts["allowed"] > 0, output);
    }

    [Fact]
    public void Job_Graphs_AreEnqueuedWithNewParameters()
    {
        (Dictionary<string, long> counts, string output) = Run("-DINSTANTIATE=0", graphs: "1", Job);
        Assert.Contains("graphs: enqueued ", output, StringComparison.Ordinal);
        Assert.True(counts["replays"] > counts["graphs"] && counts["graphs"] > 0, output);
        Assert.True(counts["nodes"] > 50 && counts["sets"] > 0, output);
        Assert.Equal(counts["graphs"], counts["freed"]);
    }

    /// <summary>801 is "not supported"; without the define there is no such function, as in a driver older than CUDA 11.4.</summary>
    [Theory]
    [InlineData("-DINSTANTIATE=801", "the NVIDIA driver answered CUDA_ERROR_STUB")]
    [InlineData("-DOLD", "Unable to find an entry point named 'cuGraphInstantiateWithFlags'")]
    public void Job_DriverWithoutGraphs_LaunchesOneByOne(string define, string reason)
    {
        (Dictionary<string, long> counts, string output) = Run(define, graphs: "1", Job);
        Assert.Contains("graphs: failed: ", output, StringComparison.Ordinal);
        Assert.Contains(reason, output, StringComparison.Ordinal);
        Assert.Equal(0, counts["replays"]);
        Assert.True(counts["launches"] > 100, output);
    }

    private static (Dictionary<string, long> Counts, string Output) Run(string define, string? graphs, string arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The stub is compiled for Linux.");
        using ScratchFolder scratch = new();
        try
        {
            string source = SourceTree.PathOf("Engine.Tests", "Device", "StubDriver", "cuda.c");
            (int code, string errors) = Start(
                "cc", scratch.Path, null, ["-shared", "-fPIC", "-o", scratch.File("libcuda.so.1"), define, source]);
            Assert.True(code == 0, errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no C compiler.");
        }

        (int exitCode, string output) = Start(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            scratch.Path,
            graphs,
            [typeof(EndToEndCommand).Assembly.Location, .. arguments.Split(' ')]);
        Assert.True(exitCode == 0, output);
        Dictionary<string, long> counts = Count().Matches(output[output.LastIndexOf("stub: ", StringComparison.Ordinal)..])
            .ToDictionary(
                static match => match.Groups[1].Value, static match => long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        Assert.Equal(0, counts["wrong"]);
        Assert.True(counts["loads"] > 0);
        Assert.Equal(counts["loads"], counts["unloads"]);
        return (counts, output);
    }

    private static (int ExitCode, string Output) Start(string program, string libraries, string? graphs, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["LD_LIBRARY_PATH"] = libraries;
        start.Environment["FUSION_CUDA_GRAPHS"] = graphs;

        // Most of the time goes into compiling kernels; optimised at once the compiler takes less.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        using Process process = Process.Start(start)!;
        StringWriter errors = new();
        process.ErrorDataReceived += (_, line) => errors.WriteLine(line.Data);
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors);
    }

    [GeneratedRegex(@"(\w+)=(\d+)")]
    private static partial Regex Count();
}
