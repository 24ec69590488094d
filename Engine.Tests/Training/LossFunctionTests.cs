using System;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>From features, losses and gradients are computed for a stretch of rows at a time.</summary>
public sealed class LossFunctionTests
{
    [Theory]
    [InlineData("linear")]
    [InlineData("regression")]
    [InlineData("zero-shot")]
    [InlineData("tied")]
    public void ForwardBackward_OneStretch_SameBitsAsFromWholeLogits(string kind)
    {
        using HostBackend backend = new(threads: 2);
        using LossProblem problem = new(backend, kind);
        (double expected, float[] gradients) = problem.FromWholeLogits();
        (double loss, float[] found) = problem.FromFeatures(problem.LogitBytes(LossProblem.Rows));
        Assert.Equal(expected, loss);
        Assert.Contains(gradients, static value => value != 0);
        Bits.AssertEqual("gradients", gradients, found);
    }

    [Theory]
    [InlineData("linear", 5)]
    [InlineData("linear", 1)]
    [InlineData("regression", 3)]
    [InlineData("zero-shot", 4)]
    [InlineData("tied", 5)]
    [InlineData("tied", 0)]
    public void ForwardBackward_SeveralStretches_SameAsOne(string kind, int rows)
    {
        using HostBackend backend = new(threads: 2);
        using LossProblem problem = new(backend, kind);
        (double expected, float[] gradients) = problem.FromWholeLogits();
        (double loss, float[] found) = problem.FromFeatures(problem.LogitBytes(rows));
        GoldenAssert.Close("loss", expected, loss, 1e-6);
        GoldenAssert.Close("gradients", Doubles(gradients), Doubles(found), 1e-5);
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("zero-shot")]
    [InlineData("tied")]
    public void ForwardBackward_Accumulate_AddsWeightedParameterGradients(string kind)
    {
        using HostBackend backend = new(threads: 2);
        using LossProblem problem = new(backend, kind);
        (_, float[] expected) = problem.FromWholeLogits();
        (_, float[] found) = problem.FromFeatures(problem.LogitBytes(4), weight: 0.5, accumulate: true);
        int features = (int)problem.Features.ElementCount;
        double[] sums = Doubles(expected);
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] *= i < features ? 0.5 : 1.5;
        }

        GoldenAssert.Close("gradients", sums, Doubles(found), 1e-5);
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("regression")]
    [InlineData("zero-shot")]
    [InlineData("tied")]
    public void Evaluate_SeveralStretches_SameAsOne(string kind)
    {
        using HostBackend backend = new(threads: 2);
        using LossProblem problem = new(backend, kind);
        using LossFunction whole = problem.Loss(LossFunction.DefaultLogitBytes);
        using LossFunction parts = problem.Loss(problem.LogitBytes(5));
        (double expected, int correct, int counted) = whole.Evaluate(problem.Features, problem.Batch);
        (double loss, int found, int rows) = parts.Evaluate(problem.Features, problem.Batch);
        GoldenAssert.Close("loss", expected, loss, 1e-6);
        Assert.Equal(correct, found);
        Assert.Equal(counted, rows);
        Assert.Equal(kind switch { "regression" => 11, "tied" => 9, _ => 10 }, rows);
    }

    /// <summary>270 rows of GPT-2's vocabulary are 54 MB.</summary>
    [Fact]
    public void ForwardBackward_Vocabulary_LogitsNeverExistWhole()
    {
        using HostBackend backend = new(threads: 2);
        using VocabularySample sample = new(backend, tokens: 90);
        using MultiTaskLoss losses = new(sample.Backbone, [sample.Task]);
        sample.Backbone.RequestGradients(null);
        losses.ForwardBackward(0, sample.Batch);
        Assert.Equal(135, sample.Task.Head.Logits.Rows);
        double[] found = Doubles(Bits.Of(backend, sample.Backbone.Gradients));

        using LossFunction whole = new(sample.Task.Head, Objective.LanguageModeling, logitBytes: long.MaxValue);
        TensorRef features = sample.Backbone.Forward(sample.Batch, ForwardMode.Training);
        using Arena arena = backend.CreateArena("gradient", Arena.AlignedSize(features.DType, features.Shape));
        TensorRef gradient = arena.Allocate("gradient", features.DType, features.Shape);
        GoldenAssert.Close("loss", whole.ForwardBackward(features, sample.Batch, gradient), losses.Losses[0], 1e-6);
        Assert.Equal(270, sample.Task.Head.Logits.Rows);
        sample.Backbone.Backward(gradient);
        GoldenAssert.Close("gradients", Doubles(Bits.Of(backend, sample.Backbone.Gradients)), found, 1e-5);
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, static value => (double)value);
}
