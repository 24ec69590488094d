using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Models;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>The commands with --device: the same job on the host gives nearly the same numbers.</summary>
[Collection(DeviceCollection.Name)]
[Trait("Category", "Device")]
public sealed class DeviceCommandLineTests : IDisposable
{
    private const double Tolerance = 1e-4;

    // Adam makes steps of one size of gradients of any size, those that are mostly rounding too.
    private const double RouterTolerance = 1e-3;

    private readonly CommandLineHarness _harness = new();
    private readonly SampleTasks _samples = new("digits", "rotation");
    private readonly EnvironmentScope _admitted = TestDevice.AdmitPocl();

    // Asking for the backend skips the test where there is none.
    public DeviceCommandLineTests(DeviceFixture device) => _ = device.Backend;

    [Fact]
    public void ParetoTrain_Device_TrainsTheHostsRouters()
    {
        string[] train = ["--seed", "3", "--modules", "mlp", "--granularity", "row"];
        AssertSuccess([.. _samples.Train("on-host", train), "--device", "host"]);
        AssertSuccess([.. _samples.Train("on-device", train), "--device", DeviceFixture.Name]);

        using SafetensorsFile expected = SafetensorsFile.Open(_samples.PathOf("on-host", "routers.safetensors"));
        using SafetensorsFile actual = SafetensorsFile.Open(_samples.PathOf("on-device", "routers.safetensors"));
        Assert.NotEmpty(expected.Entries);
        foreach (TensorEntry entry in expected.Entries.Where(static entry => entry.DType.IsFloatingPoint()))
        {
            GoldenAssert.Close(entry.Name, expected.ReadDoubles(entry.Name), actual.ReadDoubles(entry.Name), RouterTolerance, floor: 1e-6);
        }
    }

    [Fact]
    public void ParetoEvaluate_Device_MeasuresTheHostsFront()
    {
        AssertSuccess([.. _samples.Train("front"), "--device", "host"]);
        double[] expected = Losses("host");
        double[] actual = Losses(DeviceFixture.Name);
        Assert.NotEmpty(expected);
        GoldenAssert.Close("losses", expected, actual, Tolerance);
    }

    [Fact]
    public void ParetoUnload_Device_WritesTheHostsCheckpoint()
    {
        AssertSuccess([.. _samples.Train("front"), "--device", "host"]);
        Unload("host", "on-host");
        Unload(DeviceFixture.Name, "on-device");

        // The command itself compared the logits of the checkpoint, loaded again on the device, to the bit.
        Assert.Contains("equal to the bit", _harness.Output, StringComparison.Ordinal);
        AssertSameTensors(_samples.PathOf("on-host"), _samples.PathOf("on-device"), 1e-6);
    }

    [Fact]
    public void FineTune_Device_WritesTheHostsExpert()
    {
        FineTune("host", "on-host");
        FineTune(DeviceFixture.Name, "on-device");
        AssertSameTensors(_samples.PathOf("on-host"), _samples.PathOf("on-device"), Tolerance);
    }

    [Theory]
    [FixtureData("greedy", Contains = true)]
    [Trait("Category", "Golden")]
    public void Generate_Device_ContinuesAsExpected(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        long[] newIds = expected.ReadInt64s("new_ids");
        string prompt = string.Join(',', expected.ReadInt64s("prompt_ids"));
        AssertSuccess(["generate", fixture.Path, "--ids", prompt, "--tokens", $"{newIds.Length}", "--device", DeviceFixture.Name]);
        Assert.Equal(string.Join(',', newIds), _harness.Output.Trim());
    }

    public void Dispose()
    {
        _admitted.Dispose();
        _samples.Dispose();
        _harness.Dispose();
    }

    private static void AssertSameTensors(string expectedPath, string actualPath, double tolerance)
    {
        using Checkpoint expected = Checkpoint.Open(expectedPath);
        using Checkpoint actual = Checkpoint.Open(actualPath);
        Assert.Equal(expected.Names, actual.Names);
        foreach (string name in expected.Names)
        {
            if (name.EndsWith("key.bias", StringComparison.Ordinal))
            {
                // Softmax takes no notice of it: its gradient is rounding, which Adam makes as large as any other.
                continue;
            }

            Assert.Equal(expected.Entry(name).DType, actual.Entry(name).DType);
            GoldenAssert.Close(name, Widen(expected, name), Widen(actual, name), tolerance, floor: 1e-6);
        }
    }

    private static double[] Widen(Checkpoint checkpoint, string name) =>
        Array.ConvertAll(checkpoint.ReadSingles(name), static value => (double)value);

    private double[] Losses(string device)
    {
        AssertSuccess(["pareto", "evaluate", _samples.PathOf("front"), "--grid", "3", "--device", device]);
        return
        [
            .. FrontReport.Read(_samples.PathOf("front")).Methods
                .SelectMany(static method => method.Points)
                .SelectMany(static point => point.Scores)
                .Select(static score => score.Loss),
        ];
    }

    private void Unload(string device, string output) => AssertSuccess(
    [
        "pareto", "unload", _samples.PathOf("front"), "--preference", "0.3,0.7", "--output", _samples.PathOf(output),
        "--device", device,
    ]);

    private void FineTune(string device, string output) => AssertSuccess(
    [
        "finetune", SourceTree.PathOf("samples", "models", "base"), "--task", "digits", "--train", _samples.PathOf("digits-train"),
        "--output", _samples.PathOf(output), "--steps", "3", "--batch", "4", "--device", device,
    ]);

    private void AssertSuccess(IReadOnlyList<string> arguments) =>
        Assert.True(_harness.Run([.. arguments]) == ExitCodes.Success, _harness.Error);
}
