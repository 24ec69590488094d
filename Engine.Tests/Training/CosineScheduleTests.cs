using System;
using System.IO;
using System.Linq;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class CosineScheduleTests
{
    [Theory]
    [InlineData(0, 1e-2)]
    [InlineData(1000, 1e-3 + (0.5 * 9e-3 * 1.7071067811865475))]
    [InlineData(2000, 5.5e-3)]
    [InlineData(4000, 1e-3)]
    [InlineData(5000, 1e-3)]
    public void At_PaperSettings_FollowsTheCosine(int step, double expected) =>
        Assert.Equal(expected, new CosineSchedule(1e-2, 1e-3, 4000).At(step), 1e-15);

    [Fact]
    public void At_Warmup_RisesLinearlyAndMeetsTheCosineAtItsPeak()
    {
        CosineSchedule schedule = new(0.8, 0, 10, 4);
        Assert.All(Enumerable.Range(0, 5), step => Assert.Equal(new[] { 0.2, 0.4, 0.6, 0.8, 0.8 }[step], schedule.At(step), 1e-15));
        Assert.Equal(0.4, schedule.At(7), 1e-15);
        Assert.Equal(0, schedule.At(10));
    }

    [Fact]
    public void Constructor_ImpossibleSchedules_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(1, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(1, 0, 5, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(double.NaN, 0, 5));
    }

    [Theory]
    [FixtureData("trajectory", Contains = true)]
    [Trait("Category", "Golden")]
    public void At_Trajectories_EqualsTheReference(string name)
    {
        foreach (string path in Directory.GetFiles(FixtureFolder.Named(name).Path, "expected*.safetensors"))
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            double[] rates = file.ReadDoubles("lr");
            CosineSchedule schedule = new(rates[0], rates[0] / 10, rates.Length);
            Assert.All(Enumerable.Range(0, rates.Length), step => Assert.Equal(rates[step], schedule.At(step), 1e-12));
        }
    }
}
