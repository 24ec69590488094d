using System;
using System.Collections.Generic;
using System.Linq;
using ScottPlot;
using ScottPlot.Plottables;

namespace WeightsTools;

/// <summary>Fronts of two tasks: accuracy on the first against accuracy on the second. Up and to the right is better.</summary>
internal static class PlaneFrontChart
{
    private const int Width = 760;
    private const int Height = 600;
    private const double Margin = 0.06;

    /// <summary>Draws checked data.</summary>
    public static ChartImage Draw(string title, IReadOnlyList<string> tasks, IReadOnlyList<FrontSeries> series)
    {
        Plot plot = new();
        Prepare(plot, title, tasks, series);
        FrontSeries[] drawn = series.Where(s => s.Points.Count > 0).ToArray();
        foreach (FrontSeries experts in drawn.Where(s => s.Role == SeriesRole.Expert))
        {
            AddGuides(plot, experts);
        }

        // Baselines first, single marks last: what matters lies on top.
        int count = 0;
        foreach (FrontSeries baseline in drawn.Where(s => s.Role == SeriesRole.Baseline))
        {
            AddLine(plot, baseline, ChartPalette.Baseline(count++), MarkerShape.OpenCircle);
        }

        count = 0;
        foreach (FrontSeries method in drawn.Where(s => s.Role == SeriesRole.Method))
        {
            AddLine(plot, method, ChartPalette.Method(count++), MarkerShape.FilledCircle);
        }

        foreach (FrontSeries single in drawn.Where(s => s.Role == SeriesRole.Single))
        {
            AddMarks(plot, single, MarkerShape.FilledDiamond, 11);
        }

        foreach (FrontSeries experts in drawn.Where(s => s.Role == SeriesRole.Expert))
        {
            AddMarks(plot, experts, MarkerShape.FilledTriangleUp, 13);
        }

        return new ChartImage(plot, Width, Height);
    }

    private static void Prepare(Plot plot, string title, IReadOnlyList<string> tasks, IReadOnlyList<FrontSeries> series)
    {
        plot.Layout.Fixed(new PixelPadding(left: 80, right: 25, bottom: 65, top: 55));
        plot.Title(title, 18);
        plot.XLabel($"accuracy on {tasks[0]}", 14);
        plot.YLabel($"accuracy on {tasks[1]}", 14);
        plot.Axes.Color(ChartPalette.Ink);
        plot.Axes.Bottom.TickLabelStyle.FontSize = 12;
        plot.Axes.Left.TickLabelStyle.FontSize = 12;
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Axes.Bottom.MinorTickStyle.Length = 0;
        plot.Axes.Left.MinorTickStyle.Length = 0;
        plot.Grid.MajorLineColor = ChartPalette.Faint;

        FrontPoint[] points = series.SelectMany(s => s.Points).ToArray();
        (double left, double right) = Limits(points.Select(p => p.Accuracies[0]));
        (double bottom, double top) = Limits(points.Select(p => p.Accuracies[1]));
        plot.Axes.SetLimits(left, right, bottom, top);

        // Fronts bend away from the lower left corner, which leaves it to the legend.
        Legend legend = plot.ShowLegend(ScottPlot.Alignment.LowerLeft);
        legend.FontSize = 13;
        legend.OutlineColor = ChartPalette.Faint;
        legend.ShadowColor = Colors.Transparent;
        legend.BackgroundColor = Colors.White.WithAlpha(.9);
        legend.Padding = new PixelPadding(10);
    }

    private static (double Low, double High) Limits(IEnumerable<double> values)
    {
        double[] all = values.ToArray();
        double low = all.Min();
        double high = all.Max();
        double margin = Math.Max(high - low, 0.02) * Margin;
        return (low - margin, high + margin);
    }

    // No dashes: the SVG writer of Skia does not know them.
    private static void AddLine(Plot plot, FrontSeries series, Color color, MarkerShape marker)
    {
        Scatter line = plot.Add.Scatter(Coordinates(series));
        line.LegendText = series.Name;
        line.Color = color;
        line.LineWidth = 2.5f;
        line.MarkerShape = marker;
        line.MarkerSize = 7;
        line.MarkerLineWidth = 2;
    }

    private static void AddMarks(Plot plot, FrontSeries series, MarkerShape shape, float size)
    {
        Scatter marks = plot.Add.Scatter(Coordinates(series));
        marks.LegendText = series.Name;
        marks.Color = ChartPalette.Ink;
        marks.LineWidth = 0;
        marks.MarkerShape = shape;
        marks.MarkerSize = size;
    }

    // What an expert reaches on its own task is a guide over the whole chart: no front is expected beyond it.
    private static void AddGuides(Plot plot, FrontSeries experts)
    {
        plot.Add.VerticalLine(experts.Points[0].Accuracies[0], 1, ChartPalette.Muted);
        if (experts.Points.Count > 1)
        {
            plot.Add.HorizontalLine(experts.Points[1].Accuracies[1], 1, ChartPalette.Muted);
        }
    }

    private static Coordinates[] Coordinates(FrontSeries series) =>
        series.Points.Select(p => new Coordinates(p.Accuracies[0], p.Accuracies[1])).ToArray();
}
