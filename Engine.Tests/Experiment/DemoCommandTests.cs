using System;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

public sealed class DemoCommandTests
{
    [Fact]
    public void Run_WithoutSteps_IsAUsageError()
    {
        using CommandLineHarness harness = new();

        Assert.Equal(2, harness.Run("demo", "--steps", "0"));
        Assert.Contains("--steps", harness.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TaskFilePath_BesideTheProgram_NamesTheSampleTasks() =>
        Assert.Equal(["digits", "fashion", "rotation"], TaskFile.Read(SampleFolder.TaskFilePath).Names);
}
