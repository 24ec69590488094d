using System;
using System.Linq;
using Engine.Fusion;
using Xunit;

namespace Engine.Tests;

/// <summary>Fronts that need no training, against figures computed with PyTorch.</summary>
[Trait("Category", "Golden")]
public sealed class SampleFrontTests
{
    // The figures have three decimals.
    private const double Recorded = 0.00051;

    [Theory]
    [InlineData("digits fashion", 0.446, 0.351, 0.797)]
    [InlineData("fashion rotation", 0.405, 0.234, 0.794)]
    [InlineData("digits fashion rotation", 0.288, 0.120, 0.794)]
    public void TaskArithmetic_OnSamples_HasRecordedHypervolumes(string tasks, double accuracy, double loss, double atEqual)
    {
        using SampleModels models = new(tasks.Split(' '));
        using UniformFusion fusion = UniformFusion.TaskArithmetic(models.Ensemble, 0.3f);

        AssertFront(models, fusion, pointsPerEdge: 2, accuracy, loss, atEqual);
    }

    [Theory]
    [InlineData("digits fashion", 0.659, 0.502, 0.836)]
    [InlineData("fashion rotation", 0.598, 0.387, 0.842)]
    public void Soup_OnSamples_HasRecordedHypervolumes(string tasks, double accuracy, double loss, double atEqual)
    {
        using SampleModels models = new(tasks.Split(' '));
        using UniformFusion fusion = UniformFusion.Soup(models.Ensemble);

        AssertFront(models, fusion, pointsPerEdge: 11, accuracy, loss, atEqual);
    }

    [Fact]
    public void Soup_AtTheEqualPreferenceThatTheGridLacks_HasRecordedAccuracy()
    {
        using SampleModels models = new("digits", "fashion", "rotation");
        using UniformFusion fusion = UniformFusion.Soup(models.Ensemble);
        FrontEvaluator evaluator = new(models.Backbone, models.Tasks, batchSize: 250);

        Front front = evaluator.Evaluate(fusion, SimplexGrid.Generate(3, pointsPerEdge: 2));

        Assert.Equal(3, front.Points.Count);
        Assert.Equal(0.796, front.NormalizedAccuracyAtEqualPreference(ExpertAccuracies(models)), Recorded);
    }

    [Fact]
    public void Evaluate_EqualPreferenceInTheGrid_IsScoredOnce()
    {
        using SampleModels models = new("digits", "fashion", "rotation");
        using UniformFusion fusion = UniformFusion.Soup(models.Ensemble);

        Front front = new FrontEvaluator(models.Backbone, models.Tasks, batchSize: 250).Evaluate(
            fusion, [[0, 0, 1], [2.0 / 6, 2.0 / 6, 2.0 / 6]]);

        Assert.Same(front.Points[1], front.AtEqualPreference);
    }

    private static double[] ExpertAccuracies(SampleModels models) => [.. models.Tasks.Select(static task =>
        SampleModels.Expected.GetProperty("test_metrics").GetProperty(task.Name).GetProperty("acc").GetDouble())];

    private static void AssertFront(SampleModels models, IFusion fusion, int pointsPerEdge, double accuracy, double loss, double atEqual)
    {
        FrontEvaluator evaluator = new(models.Backbone, models.Tasks, batchSize: 250);
        Front front = evaluator.Evaluate(fusion, SimplexGrid.Generate(models.Tasks.Length, pointsPerEdge));
        double[] reference = [.. models.Tasks.Select(static task => Math.Log(task.Head.Classes))];

        Assert.Equal(accuracy, front.AccuracyHypervolume(), Recorded);
        Assert.Equal(loss, front.LossHypervolume(reference), Recorded);
        Assert.Equal(atEqual, front.NormalizedAccuracyAtEqualPreference(ExpertAccuracies(models)), Recorded);
    }
}
