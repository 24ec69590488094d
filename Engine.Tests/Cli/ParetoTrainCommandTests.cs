using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Engine.Fusion;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>Training routers on the sample models.</summary>
public sealed class ParetoTrainCommandTests : IDisposable
{
    private static readonly string[] Outputs = ["log.jsonl", "routers.safetensors", "state.safetensors", "tasks.json"];

    private readonly CommandLineHarness _harness = new();
    private readonly SampleTasks _samples = new("digits", "rotation");

    [Theory]
    [InlineData("--routers", "residual", "--granularity", "row")]
    [InlineData("--routers", "reference", "--modules", "mlp-attn", "--layers", "1")]
    [InlineData("--routers", "wide", "--modules", "all", "--optimizer", "adamw", "--scalarization", "epo")]
    public void Run_AnySettings_WritesRoutersStateLogAndTasks(params string[] options)
    {
        AssertSuccess(_samples.Train("front", ["--json", .. options]));

        Assert.Equal(Outputs, Directory.EnumerateFiles(_samples.PathOf("front")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(3, _harness.Json.GetProperty("steps").GetInt32());
        FusionIdentity identity = RouterFile.ReadIdentity(_samples.PathOf("front", "routers.safetensors"));
        Assert.Equal(["digits", "rotation"], identity.Tasks);
        Assert.Equal(options[1], identity.Settings.Kind.ToString().ToLowerInvariant());
    }

    [Fact]
    public void Run_Epo_LogsPreferenceLossesAndSolver()
    {
        AssertSuccess(_samples.Train("front", "--scalarization", "epo"));

        JsonElement[] lines =
            [.. File.ReadLines(_samples.PathOf("front", "log.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal([1, 2, 3], lines.Select(line => line.GetProperty("step").GetInt32()));
        Assert.All(lines, line =>
        {
            Assert.Equal(1, line.GetProperty("preference").EnumerateArray().Sum(r => r.GetDouble()), 5);
            Assert.Equal(2, line.GetProperty("losses").GetArrayLength());
            Assert.True(line.GetProperty("loss").GetDouble() > 0);
            Assert.Equal(1, line.GetProperty("epo").GetProperty("weights").EnumerateArray().Sum(w => w.GetDouble()), 9);
            Assert.NotEmpty(line.GetProperty("epo").GetProperty("mode").GetString()!);
        });
    }

    [Fact]
    public void Run_InterruptedAndResumed_GivesTheSameBits()
    {
        string[] settings = ["--steps", "40", "--save-every", "2"];
        AssertSuccess(["pareto", "train", _samples.File, "--batch", "4", "--output", _samples.PathOf("whole"), .. settings]);

        using CancellationTokenSource interrupt = new();
        string state = _samples.PathOf("parts", "state.safetensors");
        Thread user = new(() =>
        {
            SpinWait.SpinUntil(() => File.Exists(state), TimeSpan.FromSeconds(10));
            interrupt.Cancel();
        });
        user.Start();
        string[] parts = ["pareto", "train", _samples.File, "--batch", "4", "--output", _samples.PathOf("parts"), .. settings];
        int code = _harness.Run(CommandCatalogue.Create(), interrupt.Token, parts);
        user.Join();

        // A machine that is busy elsewhere may finish before it notices; the bits are the same either way.
        Assert.Contains(code, new[] { ExitCodes.Cancelled, ExitCodes.Success });
        AssertSuccess([.. parts, "--resume"]);
        Assert.All(Outputs[..3], name => Assert.Equal(
            File.ReadAllBytes(_samples.PathOf("whole", name)), File.ReadAllBytes(_samples.PathOf("parts", name))));
    }

    [Fact]
    public void Run_CancelledBeforeTheFirstStep_SavesAStateToContinueFrom()
    {
        Assert.Equal(
            ExitCodes.Cancelled, _harness.Run(CommandCatalogue.Create(), new CancellationToken(canceled: true), _samples.Train("front")));
        Assert.Contains("--resume continues", _harness.Error, StringComparison.Ordinal);

        AssertSuccess(_samples.Train("front", "--resume"));
        Assert.Equal(3, File.ReadLines(_samples.PathOf("front", "log.jsonl")).Count());
    }

    [Fact]
    public void Run_Resume_TruncatesTheLogToTheState()
    {
        AssertSuccess(_samples.Train("front"));
        string log = _samples.PathOf("front", "log.jsonl");
        byte[] expected = File.ReadAllBytes(log);
        File.AppendAllText(log, "{\"step\":4}\n{\"ste");

        AssertSuccess(_samples.Train("front", "--resume"));
        Assert.Equal(expected, File.ReadAllBytes(log));
    }

    [Fact]
    public void Run_ResumeWithOtherSettings_IsRefused()
    {
        AssertSuccess(_samples.Train("front"));

        Assert.Equal(ExitCodes.Data, _harness.Run(_samples.Train("front", "--resume", "--lr", "0.5")));
        Assert.Contains("belongs to another training", _harness.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FolderOfATraining_IsRefusedWithoutForce()
    {
        AssertSuccess(_samples.Train("front"));
        Assert.Equal(ExitCodes.Data, _harness.Run(_samples.Train("front")));
        Assert.Contains("--resume continues", _harness.Error, StringComparison.Ordinal);
        AssertSuccess(_samples.Train("front", "--force"));
    }

    [Fact]
    public void Run_LossBecomesNaN_IsDataErrorAndOverwritesNothing()
    {
        AssertSuccess(_samples.Train("front"));
        byte[][] before = Array.ConvertAll(Outputs, name => File.ReadAllBytes(_samples.PathOf("front", name)));

        Assert.Equal(ExitCodes.Data, _harness.Run(_samples.Train("front", "--force", "--lr", "1e38")));
        Assert.Matches("The loss of '(digits|rotation)' is .* in step [23]", _harness.Error);
        Assert.Equal(before, Array.ConvertAll(Outputs, name => File.ReadAllBytes(_samples.PathOf("front", name))));
    }

    [Fact]
    public void Run_LossBecomesNaNInANewFolder_LeavesNothing()
    {
        Assert.Equal(ExitCodes.Data, _harness.Run(_samples.Train(Path.Combine("new", "front"), "--lr", "1e38")));
        Assert.Matches("The loss of '(digits|rotation)' is .* in step [23]", _harness.Error);
        Assert.False(Directory.Exists(_samples.PathOf("new")));
    }

    [Fact]
    public void Run_LossBecomesNaNInAnEmptyFolder_LeavesItEmpty()
    {
        Directory.CreateDirectory(_samples.PathOf("front"));
        Assert.Equal(ExitCodes.Data, _harness.Run(_samples.Train("front", "--lr", "1e38")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_samples.PathOf("front")));
    }

    [Fact]
    public void Run_LossBecomesNaNAfterASavedState_KeepsTheState()
    {
        Assert.Equal(ExitCodes.Data, _harness.Run(_samples.Train("front", "--lr", "1e38", "--save-every", "1")));
        Assert.Equal(Outputs, Directory.EnumerateFiles(_samples.PathOf("front")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        byte[] state = File.ReadAllBytes(_samples.PathOf("front", "state.safetensors"));

        // It diverges again where it did before: nothing changes.
        Assert.Equal(ExitCodes.Data, _harness.Run(_samples.Train("front", "--lr", "1e38", "--save-every", "1", "--resume")));
        Assert.Equal(state, File.ReadAllBytes(_samples.PathOf("front", "state.safetensors")));
    }

    [Fact]
    public void Run_RoutersThatDoNotReact_AreNamed()
    {
        // By row, residual routers start with B = 0; at a rate of zero they stay there.
        AssertSuccess(_samples.Train("front", "--granularity", "row", "--lr", "0"));
        Assert.Contains("routers do not react to the preference: ", _harness.Error, StringComparison.Ordinal);
        Assert.Contains("layer.0.attention", _harness.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--layers", "1")]
    [InlineData("--layers", "3", "--routers", "wide")]
    [InlineData("--steps", "0")]
    [InlineData("--only", "digits,digits")]
    [InlineData("--lr", "-1")]
    [InlineData("--resume", "--force")]
    public void Run_ContradictoryOptions_NameTheOption(params string[] options)
    {
        int code = _harness.Run(_samples.Train("front", options));
        Assert.Contains(code, new[] { ExitCodes.Usage, ExitCodes.Data });
        Assert.Contains("error: ", _harness.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_samples.PathOf("front")));
    }

    public void Dispose()
    {
        _harness.Dispose();
        _samples.Dispose();
    }

    private void AssertSuccess(string[] arguments)
    {
        int code = _harness.Run(arguments);
        Assert.True(code == ExitCodes.Success, _harness.Error);
    }
}
