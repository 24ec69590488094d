using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using Engine.Bench;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>The table of a device at tiny size: that everything runs and the figures fit together, not how fast it is.</summary>
[Collection(DeviceCollection.Name)]
public sealed class DeviceCommandTests(DeviceFixture device, InterpretedCudaFixture cuda)
    : IClassFixture<InterpretedCudaFixture>
{
    private static readonly MachinePeaks Peaks = new(GigaFlops: 200, CopyGigaBytes: 20);

    [Fact]
    public void Host_Json_HasALinePerCase()
    {
        JsonElement[] rows = [.. Run(0, "--device host --scale tiny --seconds 0 --json").Select(static line =>
            JsonDocument.Parse(line).RootElement)];
        Assert.Equal(
            DeviceBench.Cases(DeviceScale.Tiny).Select(static deviceCase => deviceCase.Name),
            rows.Select(static row => row.GetProperty("row").GetString()!));
        Assert.All(rows, static row =>
        {
            double rate = row.GetProperty("rate").GetDouble();
            Assert.InRange(rate, double.Epsilon, double.MaxValue);
            bool isProduct = row.GetProperty("unit").GetString() == "TFLOP/s";
            Assert.Equal(isProduct ? 75 : 85, row.GetProperty("goal_percent").GetDouble());
            Assert.Equal("host", row.GetProperty("device").GetString());
            if (isProduct)
            {
                Assert.Equal(1, row.GetProperty("percent_of_peak").GetDouble() / (1e5 * rate / Peaks.GigaFlops), 1e-3);
                Assert.Equal(OpenBlas.IsInstalled, row.GetProperty("yardstick_rate").ValueKind == JsonValueKind.Number);
                Assert.Equal(OpenBlas.IsInstalled, row.GetProperty("reached").ValueKind != JsonValueKind.Null);
            }
            else
            {
                double percent = row.GetProperty("percent_of_yardstick").GetDouble();
                Assert.Equal(1, percent / (100 * rate / Peaks.CopyGigaBytes), 1e-3);
                Assert.Equal(percent >= 85, row.GetProperty("reached").GetBoolean());
            }
        });
    }

    [Fact]
    public void Host_Text_IsATableOfTheFilteredRows()
    {
        string[] lines = Run(0, "--device host --scale tiny --seconds 0 --filter adamw*");
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("host: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("row ", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("adamw f32 0.0 M ", lines[3], StringComparison.Ordinal);
        Assert.Equal(lines[2].TrimEnd().Length, lines[3].TrimEnd().Length);
    }

    [Fact]
    public void Report_RowThatFails_DoesNotStopTheOthers()
    {
        using HostBackend backend = new(1);
        using DeviceBench bench = new(backend, DeviceScale.Tiny, seconds: 0, Peaks);
        DeviceCase good = DeviceBench.Cases(DeviceScale.Tiny)[^1];
        using StringWriter output = new();

        Assert.False(DeviceReport.Write(
            output, bench, [new("bad", static _ => throw new BackendException("not\nhere")), good], json: false));

        string[] lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("bad ", lines[^2], StringComparison.Ordinal);
        Assert.EndsWith(" failed: not here", lines[^2], StringComparison.Ordinal);
        Assert.StartsWith(good.Name, lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Device")]
    public void OpenCl_OneProductAndAllElse_AreMeasured() => AssertMeasured(
        device.Backend, static deviceCase => !deviceCase.Name.StartsWith("gemm", StringComparison.Ordinal) || IsSquare(deviceCase));

    [Fact]
    [Trait("Category", "Device")]
    public void InterpretedPtx_AllRows_AreMeasured() => AssertMeasured(cuda.Backend, static _ => true);

    [Theory]
    [Trait("Category", "Device")]
    [InlineData(Precision.TensorFloat32, "gemm tf32 ")]
    [InlineData(Precision.BFloat16, "gemm bf16 ")]
    public void InterpretedPtx_OtherPrecision_HasProductsAlone(Precision precision, string name)
    {
        using InterpretedCudaFixture tensorCores = new(
            CudaArchitecture.SM_80, new LaunchOptions { CollectCounters = false, HostThreads = Environment.ProcessorCount }, precision);
        DeviceCase[] cases = [.. DeviceBench.Cases(DeviceScale.Tiny, precision)];
        Assert.All(cases, deviceCase => Assert.StartsWith(name, deviceCase.Name, StringComparison.Ordinal));
        using DeviceBench bench = new(tensorCores.Backend, DeviceScale.Tiny with { ColdBytes = 0 }, seconds: 0, Peaks);

        DeviceRow row = cases[0].Measure(bench);

        Assert.InRange(row.Rate, double.Epsilon, double.MaxValue);
        Assert.Null(row.PercentOfPeak);
    }

    [Fact]
    public void Filter_ThatMatchesNothing_IsNamed() =>
        Assert.Contains("no row matches 'gem'", Assert.Single(Run(2, "--device host --filter gem")), StringComparison.Ordinal);

    [Theory]
    [InlineData("device")]
    [InlineData("registers")]
    public void Device_ThatIsNotThere_IsAnErrorOfOneLine(string command)
    {
        Assert.SkipWhen(Backends.Devices().Any(static found => found.Backend == Backends.Cuda && found.IsUsable), "There is a GPU here.");
        string error = Assert.Single(Run(4, "--device cuda", command == "registers" ? RegistersCommand.Create() : DeviceCommand.Create()));
        Assert.StartsWith("error: There is no usable device for 'cuda': ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Registers_Host_AreRefused() =>
        Assert.Contains(
            "only NVIDIA's driver", Assert.Single(Run(4, "--device host", RegistersCommand.Create())), StringComparison.Ordinal);

    private static bool IsSquare(DeviceCase deviceCase) => deviceCase.Name == "gemm f32 nn 64x64x64 square";

    private static void AssertMeasured(IBackend backend, Func<DeviceCase, bool> isWanted)
    {
        using DeviceBench bench = new(backend, DeviceScale.Tiny with { ColdBytes = 1 << 12, CopyBytes = 1 << 12 }, seconds: 0);
        Assert.InRange(bench.Peaks.GigaFlops, double.Epsilon, double.MaxValue);
        Assert.InRange(bench.Peaks.CopyGigaBytes, double.Epsilon, double.MaxValue);
        DeviceCase[] cases = [.. DeviceBench.Cases(bench.Scale).Where(isWanted)];
        Assert.Contains(cases, IsSquare);
        DeviceRow[] rows = [.. cases.Select(deviceCase => deviceCase.Measure(bench))];
        Assert.Equal(cases.Select(static deviceCase => deviceCase.Name), rows.Select(static row => row.Name));
        Assert.All(rows, static row => Assert.InRange(row.Rate, double.Epsilon, double.MaxValue));
    }

    /// <summary>Lines of the output, or of the error output if the command is to fail.</summary>
    private static string[] Run(int expectedCode, string arguments, Command? command = null)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = (command ?? DeviceCommand.Create(Peaks)).Parse(arguments)
            .Invoke(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        Assert.Equal(expectedCode, code);
        return (code == 0 ? output : error).ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
