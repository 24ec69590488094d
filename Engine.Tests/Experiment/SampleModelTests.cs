using System.Linq;
using System.Text.Json;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

[Trait("Category", "Golden")]
public sealed class SampleModelTests
{
    // The recorded numbers have six decimals.
    private const double RecordedPrecision = 1e-5;

    [Theory]
    [InlineData("digits")]
    [InlineData("fashion")]
    [InlineData("rotation")]
    public void Expert_OnItsTask_MatchesPyTorch(string task)
    {
        using SampleModels models = new(task);
        using UniformFusion expert = UniformFusion.Soup(models.Ensemble);
        expert.Apply([1]);
        SupervisedTask own = models.Tasks[0];
        JsonElement expected = SampleModels.Expected.GetProperty("logits").GetProperty(task);
        int count = expected.GetProperty("n").GetInt32();

        TensorRef features = models.Backbone.Forward(SampleModels.First(own.Test!, count), ForwardMode.Inference);
        double[] first = [.. Enumerable.Range(0, count).SelectMany(i => Download(models, features.SliceRows(i, 1))[..8])];
        GoldenAssert.Close("features", SampleModels.Numbers(expected.GetProperty("feature_first8")), first, RecordedPrecision);
        TensorRef logits = own.Head.Forward(features);
        GoldenAssert.Close("logits", SampleModels.Numbers(expected.GetProperty("logits")), Download(models, logits), RecordedPrecision);
        AssertScore(SampleModels.Expected.GetProperty("test_metrics").GetProperty(task), models);
    }

    [Theory]
    [InlineData("digits")]
    [InlineData("fashion")]
    [InlineData("rotation")]
    public void Base_WithExpertsHead_MatchesPyTorch(string task)
    {
        using SampleModels models = new(task);

        AssertScore(SampleModels.Expected.GetProperty("base_backbone_with_expert_head").GetProperty(task), models);
    }

    [Theory]
    [InlineData("router_mlp", RoutedModules.Mlp)]
    [InlineData("router_mlp+attn", RoutedModules.MlpAndAttention)]
    public void PapersRouters_OnFirstBatches_MatchPyTorch(string name, RoutedModules modules)
    {
        JsonElement expected = SampleModels.Expected.GetProperty(name);
        string[] tasks = [.. expected.GetProperty("tasks").EnumerateArray().Select(static task => task.GetString()!)];
        using SampleModels models = new(tasks);
        using RoutedFusion fusion = new(models.Ensemble, RouterSettings.Paper(modules));
        RecordedRouters.Fill(fusion, [.. expected.GetProperty("lam").EnumerateObject().Select(static group => group.Name)]);
        using EpoScalarization epo = new(fusion, models.Tasks);
        float[] preference = [.. SampleModels.Numbers(expected.GetProperty("r")).Select(static r => (float)r)];

        epo.Evaluate(preference, [.. models.Tasks.Select(static task => SampleModels.First(task.Train!, 32))]);

        GoldenAssert.Close("losses", SampleModels.Numbers(expected.GetProperty("losses")), epo.TaskLosses.Losses, GoldenAssert.Loss);
        GoldenAssert.Close("gram", SampleModels.Numbers(expected.GetProperty("gram")), epo.Gram.ToArray(), GoldenAssert.Gradient);
        GoldenAssert.Close(
            "w", SampleModels.Numbers(expected.GetProperty("epo").GetProperty("w")), epo.Weights.ToArray(), GoldenAssert.Gradient);
        for (int t = 0; t < tasks.Length; t++)
        {
            JsonElement gradients = expected.GetProperty("dloss_dlambda").GetProperty(tasks[t]);
            foreach (RouterSlot slot in fusion.Routers.Slots)
            {
                double[] found = [.. epo.RoutingGradientOf(t).Slice(slot.RoutingOffset, 2).ToArray().Select(static g => (double)g)];
                double[] recorded = SampleModels.Numbers(gradients.GetProperty(RecordedRouters.NameOf(slot.Group)));
                GoldenAssert.Close($"{tasks[t]}, {slot.Group}", recorded, found, GoldenAssert.Gradient, GoldenAssert.GradientFloor);
            }
        }
    }

    private static void AssertScore(JsonElement expected, SampleModels models)
    {
        TaskScore score = new TaskEvaluator(models.Backbone).Score(models.Tasks[0]);
        Assert.Equal(expected.GetProperty("acc").GetDouble(), score.Accuracy, 1e-9);
        GoldenAssert.Close("loss", expected.GetProperty("loss").GetDouble(), score.Loss, GoldenAssert.Loss);
    }

    private static double[] Download(SampleModels models, TensorRef tensor)
    {
        double[] values = new double[tensor.ElementCount];
        models.Backbone.Backend.Download<double>(tensor, values);
        return values;
    }
}
