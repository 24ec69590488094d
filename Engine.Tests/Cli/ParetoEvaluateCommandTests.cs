using System;
using System.IO;
using System.Linq;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>Fronts of the sample models: evaluated and reported.</summary>
public sealed class ParetoEvaluateCommandTests : IDisposable
{
    private readonly CommandLineHarness _harness = new();
    private readonly SampleTasks _samples = new("digits", "fashion", "rotation");

    [Fact]
    public void Run_TwoOfThreeTasks_ComparesWithSoupTaskArithmeticAndExperts()
    {
        AssertSuccess(_samples.Train("front", "--only", "rotation,digits"));
        AssertSuccess("pareto", "evaluate", _samples.PathOf("front"), "--grid", "3", "--sweep");
        FrontReport report = FrontReport.Read(_samples.PathOf("front"));

        Assert.Equal(["rotation", "digits"], report.Tasks.Select(task => task.Name));
        Assert.Equal([Math.Log(4), Math.Log(10)], report.Tasks.Select(task => task.ReferenceLoss));
        Assert.Equal(
            [SeriesRole.Method, SeriesRole.Baseline, SeriesRole.Single, SeriesRole.Single, SeriesRole.Expert],
            report.Methods.Select(method => method.Role));
        Assert.Equal([3, 3, 1, 1, 2], report.Methods.Select(method => method.Points.Count));
        Assert.Equal([[0.0, 1.0], [0.5, 0.5], [1.0, 0.0]], report.Methods[0].Points.Select(point => point.Preference));
        Assert.Equal("task arithmetic 0.3", report.Methods[2].Name);
        Assert.True(report.Methods[3].AccuracyHypervolume >= report.Methods[2].AccuracyHypervolume);

        // The soup's ends are the experts, up to the rounding of θ0 + (θi - θ0).
        ReportedMethod soup = report.Methods[1];
        ReportedMethod experts = report.Methods[4];
        Assert.Equal(report.Tasks[0].Expert.Loss, soup.Points[2].Scores[0].Loss, 1e-4);
        Assert.Equal(report.Tasks[1].Expert.Loss, soup.Points[0].Scores[1].Loss, 1e-4);
        Assert.Equal(report.Tasks[0].Expert.Loss, experts.Points[0].Scores[0].Loss);
        Assert.Equal(experts.Points[0].Scores[1].Loss, soup.Points[2].Scores[1].Loss, 1e-4);
    }

    [Fact]
    public void Run_ThreeTasks_AccuracyAtTheEqualPreferenceDoesNotDependOnTheGrid()
    {
        AssertSuccess(_samples.Train("front"));

        // Three points per edge of three tasks do not hold (1/3, 1/3, 1/3); four do.
        Assert.Equal(NormalizedAccuracies("4"), NormalizedAccuracies("3"));

        double?[] NormalizedAccuracies(string grid)
        {
            AssertSuccess("pareto", "evaluate", _samples.PathOf("front"), "--grid", grid);
            return [.. FrontReport.Read(_samples.PathOf("front")).Methods.Select(method => method.NormalizedAccuracy)];
        }
    }

    [Fact]
    public void Run_FileOfTasksInAnotherOrder_KeepsTheRoutersOrder()
    {
        AssertSuccess(_samples.Train("front", "--only", "rotation,digits"));
        string front = _samples.PathOf("front.json");
        AssertSuccess(
            "pareto", "evaluate", _samples.PathOf("front", "routers.safetensors"), _samples.File, "--grid", "2", "--output", front);
        Assert.Equal(["rotation", "digits"], FrontReport.Read(front).Tasks.Select(task => task.Name));
    }

    [Fact]
    public void Run_NoTestData_NamesTheTask()
    {
        AssertSuccess(_samples.Train("front", "--only", "rotation,digits"));
        TaskFile tasks = TaskFile.Read(_samples.File);
        (tasks with { Tasks = [tasks.Tasks[0] with { Test = null }, .. tasks.Tasks.Skip(1)] }).Write(_samples.File);

        Assert.Equal(ExitCodes.Data, _harness.Run("pareto", "evaluate", _samples.PathOf("front"), _samples.File));
        Assert.Contains("task 'digits' has no test data", _harness.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("digits,rotation", "3")]
    [InlineData("digits,fashion,rotation", "2")]
    public void Report_TwoAndThreeTasks_DrawsAndTabulates(string tasks, string grid)
    {
        AssertSuccess(_samples.Train("front", "--only", tasks));
        AssertSuccess("pareto", "evaluate", _samples.PathOf("front"), "--grid", grid);
        AssertSuccess("pareto", "report", _samples.PathOf("front"), "--title", "Title of a test");

        Assert.Equal(0x89, File.ReadAllBytes(_samples.PathOf("front", "front.png"))[0]);
        Assert.Contains("</svg>", File.ReadAllText(_samples.PathOf("front", "front.svg")), StringComparison.Ordinal);
        string[] markdown = File.ReadAllLines(_samples.PathOf("front", "report.md"));
        Assert.Equal("# Title of a test", markdown[0]);
        Assert.Contains(markdown, line => line.StartsWith("| soup | ", StringComparison.Ordinal));
        Assert.Contains("## residual, by tensor", markdown);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{ \"tasks\": [] }")]
    [InlineData("front")]
    public void Report_MalformedFront_NamesTheFile(string text)
    {
        string path = _samples.Folder.WriteBytes("front.json", [.. text.Select(static c => (byte)c)]);
        Assert.Equal(ExitCodes.Data, _harness.Run("pareto", "report", path));
        Assert.Contains(path, _harness.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _harness.Dispose();
        _samples.Dispose();
    }

    private void AssertSuccess(params string[] arguments)
    {
        int code = _harness.Run(arguments);
        Assert.True(code == ExitCodes.Success, _harness.Error);
    }
}
