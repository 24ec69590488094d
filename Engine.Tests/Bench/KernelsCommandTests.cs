using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using Engine.Bench;
using Engine.Kernels.Cases;
using Engine.Kernels.Device;
using Xunit;

namespace Engine.Tests;

/// <summary>The lists of variants: what they show, and what they say of a wrong kernel.</summary>
[Trait("Category", "Device")]
[Collection(DeviceCollection.Name)]
public sealed class KernelsCommandTests(DeviceFixture device)
{
    private const string NoKernels = "The device runs no kernels.";

    [Fact]
    public void Help_OfBench_NamesEveryCommand()
    {
        using StringWriter output = new();
        Assert.Equal(0, Bench.Program.CreateRoot().Parse("--help").Invoke(new() { Output = output }));
        Assert.All(["e2e", "kernels", "ops"], name => Assert.Contains($"  {name} ", output.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void List_WithoutOp_NamesOpsWithTheNumberOfVariants()
    {
        string[] lines = Run(0);
        Assert.Equal(KernelOps.All.Select(static op => op.Name), lines.Select(static line => line.Split(' ')[0]));
        Assert.Contains("  17 variants  C = A B", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no op 'gem'; the nearest names are gemm, ", "gem")]
    [InlineData("There is no op 'softmax'; the nearest names are ", "softmax")]
    [InlineData("--m, --n and --k: expected a product, found axpy", "axpy", "--k", "4")]
    [InlineData("copy: the operands of this size take more than 2 GB.", "copy", "--scale", "1000")]
    [InlineData("--arch: only the interpreter", "axpy", "--device", "opencl", "--arch", "sm_90")]
    public void Run_UsageError_IsOneLine(string message, params string[] arguments) =>
        Assert.StartsWith(message, Assert.Single(Run(2, arguments)), StringComparison.Ordinal);

    [Theory]
    [InlineData("axpy", "--scale", "0")]
    [InlineData("axpy", "--device", "tpu")]
    [InlineData("axpy", "--arch", "sm_1")]
    public void Parse_ValueOutOfRange_IsAnError(params string[] arguments) =>
        Assert.NotEmpty(KernelsCommand.Create().Parse(arguments).Errors);

    [Fact]
    public void Run_Gemm_ShowsALinePerVariantAndWhatItIs()
    {
        string[] lines = Run(0, "gemm", "--m", "20", "--n", "24", "--k", "16", "--arch", "sm_90");
        Assert.Equal("gemm: C = A B, [m, k] times [k, n]; Gemm nn 20x24x16", lines[0]);
        Assert.Equal("PTX for sm_90 on the interpreter", lines[1]);
        Assert.All(Variants("gemm"), name => Assert.Contains(lines, line => line.StartsWith(name + "  ", StringComparison.Ordinal)));
        Assert.Contains("naive: one thread per element", lines);
        Assert.Contains(lines, static line => line.StartsWith("  gemm_128x128_f32_depth_scalars_", StringComparison.Ordinal)
            && line.EndsWith(" times the ideal sectors", StringComparison.Ordinal));
    }

    [Fact]
    public void Json_OnTheInterpreter_CarriesCounts()
    {
        JsonElement[] lines = Parse(Run(0, "gemm", "--m", "64", "--n", "64", "--k", "16", "--json"));
        Assert.Equal(Variants("gemm"), lines.Select(static line => line.GetProperty("variant").GetString()));
        JsonElement tile = lines.Single(static line => line.GetProperty("variant").GetString() == "64x64");
        string kernel = Assert.Single(tile.GetProperty("kernels").EnumerateArray()).GetString()!;
        Assert.Equal("gemm_64x64_f32_depth_vectors_f32_row_vectors", kernel);
        Assert.InRange(tile.GetProperty("error").GetDouble(), 1e-9, 1e-5);

        // A product and a sum for each of 64 x 64 x 16, 32 threads at a time.
        Assert.Equal(2 * 64 * 64 * 16 / 32, tile.GetProperty("instructions").GetProperty("arithmetic").GetInt64());
        long sectors = tile.GetProperty("global_sectors").GetInt64();
        Assert.Equal(4 * ((2 * 64 * 16) + (64 * 64)) / 32, sectors);
        Assert.Equal(sectors, tile.GetProperty("global_ideal_sectors").GetInt64());
        Assert.Equal(2.0 * 64 * 64 * 16 / (32 * sectors), tile.GetProperty("flops_per_byte").GetDouble(), 1e-3);
        Assert.Empty(tile.GetProperty("findings").EnumerateArray());
    }

    [Fact]
    public void Json_OnADevice_CarriesTimes()
    {
        Assert.SkipUnless(device.Backend is DeviceBackend, NoKernels);
        JsonElement[] lines = Parse(Run(0, "axpy", "--device", "opencl", "--scale", "1", "--json"));
        Assert.Equal(Variants("axpy"), lines.Select(static line => line.GetProperty("variant").GetString()));
        Assert.All(lines, static line =>
        {
            double seconds = line.GetProperty("median_microseconds").GetDouble() / 1e6;
            Assert.Equal(1, line.GetProperty("giga_flops").GetDouble() * seconds / (2e-9 * 64 * 768), 1e-3);
            Assert.Equal(1, line.GetProperty("giga_bytes_per_second").GetDouble() * seconds / (12e-9 * 64 * 768), 1e-3);
            Assert.InRange(line.GetProperty("percent_of_copy").GetDouble(), double.Epsilon, double.MaxValue);
            Assert.InRange(line.GetProperty("percent_of_best").GetDouble(), double.Epsilon, 100);
        });
        Assert.Contains(lines, static line => line.GetProperty("percent_of_best").GetDouble() == 100);
    }

    [Fact]
    public void Run_OnADevice_SkipsWhatItCannotRun()
    {
        Assert.SkipUnless(device.Backend is DeviceBackend, NoKernels);
        string[] lines = Run(0, "layer_norm", "--device", "opencl", "--scale", "1");
        Assert.Contains("shuffles: warps exchange registers (not on this device)", lines);
        Assert.Contains("shared memory: for devices without shuffles", lines);
        Assert.Contains(lines, static line => line.Contains("% of copy", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_WrongResult_IsNamedAndFails()
    {
        OpCase right = Residual();
        string[] lines = Run(1, right with
        {
            Call = DeviceCall.Of((backend, t) => right.Call(backend, t), static (backend, t) => backend.Copy(t["x"], t["y"])),
        });
        Assert.Contains(lines, static line => line.StartsWith("wrong is wrong: 'y'[0, ", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_AccessBesideAnOperand_IsNamedAndFails()
    {
        const int Count = 300;
        string[] lines = Run(1, Residual() with
        {
            Call = DeviceCall.Of(
                static (backend, t) => backend.Launcher.Launch(
                    ScaledResidualKernel.Kernel,
                    LaunchGrid.Of(Count, ScaledResidualKernel.Kernel.GroupSize),
                    new()
                    {
                        X = backend.Floats(t["x"]),
                        Z = backend.Floats(t["z"]),
                        Y = backend.Floats(t["y"]).SubView(0, Count - 1),
                        Count = Count,
                    }),
                static (_, _) => { }),
        });
        string problem = Assert.Single(lines, static line => line.StartsWith("wrong is wrong: ", StringComparison.Ordinal));
        Assert.StartsWith("wrong is wrong: scaled_residual: line ", problem, StringComparison.Ordinal);
        Assert.EndsWith("(1196 bytes into Args.Y of 1196)", problem, StringComparison.Ordinal);
    }

    private static OpCase Residual() => ScaledResidualKernel.Op.Variants(new KernelSizes(1))[0].Case;

    private string[] Run(int expectedCode, OpCase opCase) =>
        Run([new KernelOp("op", "formula", _ => [new("wrong", "description", opCase)])], expectedCode, "op");

    private string[] Run(int expectedCode, params string[] arguments) => Run(KernelOps.All, expectedCode, arguments);

    private static string[] Variants(string op) =>
        [.. KernelOps.All.Single(candidate => candidate.Name == op).Variants(new KernelSizes(1)).Select(static variant => variant.Name)];

    private static JsonElement[] Parse(string[] lines) => [.. lines.Select(static line => JsonDocument.Parse(line).RootElement)];

    /// <summary>Lines of the output, or of the error output if the command is to fail before it prints.</summary>
    private string[] Run(IReadOnlyList<KernelOp> ops, int expectedCode, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Command command = KernelsCommand.Create(
            ops, _ => new DeviceKernelBench(device.WithMultiprocessors(2), copyBytes: 1 << 20, seconds: 0));
        int code = command.Parse(arguments).Invoke(new() { Output = output, Error = error });
        Assert.True(expectedCode == code, error.ToString());
        return (code == 2 ? error : output).ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
