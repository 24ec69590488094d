using System;
using System.Linq;
using Engine.Fusion;
using Xunit;

namespace Engine.Tests;

public sealed class DirichletSamplerTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 0.2)]
    [InlineData(5, 4)]
    public void Sample_ManySteps_HasTheMomentsOfTheDistribution(int tasks, double alpha)
    {
        const int Steps = 20000;
        float[][] samples = Draw(new DirichletSampler(3, tasks, alpha), tasks, Steps);
        double variance = (tasks - 1) / (tasks * tasks * ((tasks * alpha) + 1));
        double error = 6 * Math.Sqrt(variance / Steps);
        for (int t = 0; t < tasks; t++)
        {
            Assert.Equal(1.0 / tasks, samples.Average(r => r[t]), error);
            Assert.Equal(variance, samples.Average(r => Math.Pow(r[t] - (1.0 / tasks), 2)), 0.06 * variance);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.01)]
    [InlineData(1e-4)]
    public void Sample_AnyConcentration_IsPositiveAndSumsToOne(double alpha)
    {
        Assert.All(Draw(new DirichletSampler(1, 4, alpha), 4, 200), preference =>
        {
            Assert.Equal(1, preference.Sum(r => (double)r), 1e-6);
            Assert.All(preference, r => Assert.True(r > 0.99 * DirichletSampler.SmallestEntry));
        });
    }

    [Fact]
    public void Sample_StepAlone_EqualsTheStepInSequence()
    {
        float[][] samples = Draw(new DirichletSampler(7, 3), 3, 10);
        float[] alone = new float[3];
        new DirichletSampler(7, 3).Sample(9, alone);
        Assert.Equal(samples[9], alone);
        Assert.NotEqual(samples[8], alone);
        new DirichletSampler(8, 3).Sample(9, alone);
        Assert.NotEqual(samples[9], alone);
    }

    [Fact]
    public void Constructor_ConcentrationNotPositive_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirichletSampler(1, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirichletSampler(1, 2, double.NaN));
    }

    private static float[][] Draw(DirichletSampler sampler, int tasks, int steps) => [.. Enumerable.Range(0, steps).Select(step =>
    {
        float[] preference = new float[tasks];
        sampler.Sample(step, preference);
        return preference;
    })];
}
