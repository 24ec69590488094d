using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>Charts are drawn without a screen and without the machine's fonts.</summary>
public sealed class FrontChartTests
{
    private static readonly string[] Two = ["digits", "fashion"];
    private static readonly string[] Three = ["digits", "fashion", "rotation"];

    [Fact]
    public void EncodePng_TwoTasks_IsAPictureOfTwiceTheLayout()
    {
        using ChartImage chart = FrontChart.Draw("front", Two, [Front("soup", SeriesRole.Baseline, 2)]);

        byte[] png = chart.EncodePng();

        Assert.Equal("PNG"u8, png.AsSpan(1, 3));
        Assert.Equal(2 * chart.Width, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(2 * chart.Height, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
    }

    [Fact]
    public void EncodeSvg_TwoTasks_NamesAxesAndSeriesInTheEmbeddedFont()
    {
        using ChartImage chart = FrontChart.Draw(
            "a title",
            Two,
            [
                new FrontSeries("experts", SeriesRole.Expert, [new FrontPoint([0.9, 0.3]), new FrontPoint([0.4, 0.8])]),
                Front("soup", SeriesRole.Baseline, 2),
                Front("routers", SeriesRole.Method, 2),
                new FrontSeries("average", SeriesRole.Single, [new FrontPoint([0.6, 0.6])]),
            ]);

        string svg = chart.EncodeSvg();

        Assert.All(
            ["a title", "accuracy on digits", "accuracy on fashion", "experts", "soup", "routers", "average"],
            text => Assert.Contains(text, svg, StringComparison.Ordinal));
        Assert.Contains($"font-family=\"{ChartFont.Family}, ", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void EncodeSvg_ThreeTasks_HasAPanelPerMethodAndACellPerPreference()
    {
        using ChartImage chart = FrontChart.Draw(
            "a title", Three, [Front("soup", SeriesRole.Baseline, 3), Front("routers", SeriesRole.Method, 3)]);

        string svg = chart.EncodeSvg();

        Assert.All(["soup", "routers"], text => Assert.Equal(1, Count(svg, text)));
        Assert.All(Three, text => Assert.Equal(2, Count(svg, text)));
        Assert.True(Count(svg, "<path fill=\"#") >= 2 * 66, "66 preferences in two panels");
    }

    [Theory]
    [InlineData("chart.png")]
    [InlineData("chart.svg")]
    public void Save_KnownExtension_WritesTheFile(string name)
    {
        string folder = Directory.CreateTempSubdirectory("front-chart-").FullName;
        try
        {
            using ChartImage chart = FrontChart.Draw("front", Two, [Front("soup", SeriesRole.Method, 2)]);
            chart.Save(Path.Combine(folder, name));

            Assert.Equal([Path.Combine(folder, name)], Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Save_UnknownExtension_IsUsageError()
    {
        using ChartImage chart = FrontChart.Draw("front", Two, [Front("soup", SeriesRole.Method, 2)]);

        Assert.Throws<UsageException>(() => chart.Save("chart.bmp"));
    }

    [Fact]
    public void Draw_PointsThatDoNotFit_Throws()
    {
        FrontSeries withoutPreference = new("soup", SeriesRole.Method, [new FrontPoint([0.1, 0.2, 0.3])]);

        Assert.Throws<ArgumentException>(() => FrontChart.Draw("front", Three, [withoutPreference]));
        Assert.Throws<ArgumentException>(() => FrontChart.Draw("front", Three, [Front("soup", SeriesRole.Method, 2)]));
        Assert.Throws<ArgumentException>(
            () => FrontChart.Draw("front", ["one", "two", "three", "four"], [Front("soup", SeriesRole.Method, 4)]));
        Assert.Throws<ArgumentException>(() => FrontChart.Draw("front", Two, []));
    }

    // A grid of preferences with steps of a tenth on the first two or three tasks.
    private static FrontSeries Front(string name, SeriesRole role, int tasks)
    {
        FrontPoint[] points =
        [
            .. from i in Enumerable.Range(0, 11)
               from j in Enumerable.Range(0, tasks == 2 ? 1 : 11 - i)
               let preference = Preference(i, j, tasks)
               select new FrontPoint([.. preference.Select(r => 0.3 + (0.5 * Math.Sqrt(r)))], preference),
        ];
        return new FrontSeries(name, role, points);
    }

    private static double[] Preference(int i, int j, int tasks)
    {
        double[] preference = new double[tasks];
        preference[0] = i / 10.0;
        preference[1] = tasks == 2 ? (10 - i) / 10.0 : j / 10.0;
        for (int rest = 2; rest < tasks; rest++)
        {
            preference[rest] = rest == 2 ? (10 - i - j) / 10.0 : 0;
        }

        return preference;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
