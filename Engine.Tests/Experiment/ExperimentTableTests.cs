using System;
using System.IO;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

public sealed class ExperimentTableTests
{
    private static readonly ExperimentRecipe Recipe = ExperimentRecipe.Read(SourceTree.PathOf("samples", "experiment.json"));

    [Fact]
    public void Read_OfTheSampleRecipe_HasRecordedFiguresForEveryMethod()
    {
        Assert.Equal(12, Recipe.Methods.Count);
        Assert.All(Recipe.Methods, method => Assert.Equal(Recipe.Combinations.Count, method.Anchors.Count));
        Assert.True(File.Exists(Recipe.Tasks));
    }

    [Fact]
    public void Create_WithSeveralSeeds_ShowsMeanAndSampleDeviationBesideRecordedFigures()
    {
        using StringWriter writer = new();

        ExperimentTable.Create(Recipe, "digits+fashion", [Result(1, 0.68), Result(2, 0.70)]).WriteMarkdown(writer);

        Assert.Contains("| residual, by tensor, LS | 0.690 ± 0.014 | 0.686 ± 0.001 |", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("| 1 of 140 | 1 540 |", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_AfterResume_KeepsEarlierRuns()
    {
        using ScratchFolder folder = new();
        ExperimentResults.Open(folder.Path, resume: false).Add(Result(1, 0.68));
        Assert.Throws<UsageException>(() => ExperimentResults.Open(folder.Path, resume: false));

        ExperimentResults resumed = ExperimentResults.Open(folder.Path, resume: true);

        Assert.True(resumed.Contains("residual, by tensor, LS", "digits+fashion", 1));
        Assert.False(resumed.Contains("residual, by tensor, LS", "digits+fashion", 2));
    }

    private static ExperimentResult Result(ulong seed, double hypervolume) => new(
        "residual, by tensor, LS",
        "digits+fashion",
        seed,
        hypervolume,
        0.5,
        0.9,
        Routers: 70,
        DeadRouters: seed == 1 ? 1 : 0,
        Parameters: 1540,
        MillisecondsPerStep: 12);
}
