using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ScottPlot;
using ScottPlot.Panels;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace WeightsTools;

/// <summary>Fronts of three tasks: a triangle of preferences per method, a corner per task. Each preference is a cell whose colour is the
/// accuracy that was asked for, Σ ri·accuracyi / expert's accuracyi (or without the division, if there are no experts). All panels share
/// one colour scale: the brighter triangle is the better front.</summary>
internal static class TernaryFrontChart
{
    private const int PanelWidth = 300;
    private const int PanelHeight = 330;
    private const int ColorBarWidth = 120;
    private const int TitleHeight = 45;
    private const int TitleGap = 30;
    private const int BottomHeight = 15;
    private const int PanelsPerRow = 3;

    // In units of the triangle's side: what a panel takes with its texts.
    private const double Pitch = 1.5;
    private const double RowPitch = Pitch * PanelHeight / PanelWidth;
    private const double Below = 0.32;
    private static readonly double TriangleHeight = Math.Sqrt(3) / 2;

    /// <summary>Draws checked data.</summary>
    public static ChartImage Draw(string title, IReadOnlyList<string> tasks, IReadOnlyList<FrontSeries> series)
    {
        FrontSeries[] panels = series.Where(s => s.Role is SeriesRole.Method or SeriesRole.Baseline && s.Points.Count > 0).ToArray();
        if (panels.Length == 0)
        {
            throw new ArgumentException("Three tasks need at least one method or baseline.", nameof(series));
        }

        IReadOnlyList<FrontPoint> points = series.FirstOrDefault(s => s.Role == SeriesRole.Expert)?.Points ?? [];
        double[]? experts = points.Count == tasks.Count ? points.Select((point, i) => point.Accuracies[i]).ToArray() : null;
        AccuracyScale scale = new(panels.SelectMany(p => p.Points).Select(p => Weighted(p, experts)).ToArray());

        int columns = Math.Min(panels.Length, PanelsPerRow);
        int rows = (panels.Length + columns - 1) / columns;
        Plot plot = new();
        Prepare(plot, title, columns, rows, scale, experts is not null);
        for (int i = 0; i < panels.Length; i++)
        {
            Coordinates corner = new(i % columns * Pitch, -(i / columns) * RowPitch);
            AddPanel(plot, corner, panels[i], tasks, experts, scale);
        }

        return new ChartImage(plot, (columns * PanelWidth) + ColorBarWidth, (rows * PanelHeight) + TitleHeight + TitleGap + BottomHeight);
    }

    private static void Prepare(Plot plot, string title, int columns, int rows, AccuracyScale scale, bool relative)
    {
        plot.Layout.Fixed(new PixelPadding(left: 0, right: ColorBarWidth, bottom: BottomHeight, top: TitleHeight));
        plot.Title(title, 18);
        plot.Axes.Frameless();
        plot.HideGrid();
        plot.Axes.Title.IsVisible = true;
        ColorBar bar = plot.Add.ColorBar(scale);
        bar.Label = relative ? "accuracy relative to the experts, weighted" : "accuracy, weighted by the preference";
        bar.LabelStyle.FontSize = 13;
        bar.LabelStyle.Bold = false;
        bar.Axis.TickLabelStyle.FontSize = 12;
        bar.Axis.MinorTickStyle.Length = 0;
        bar.Axis.TickGenerator = new NumericAutomatic { MinimumTickSpacing = 40, TargetTickCount = 8 };
        bar.Width = 18;

        double side = (Pitch - 1) / 2;
        plot.Axes.SetLimits(
            -side, (columns * Pitch) - side, -Below - ((rows - 1) * RowPitch), RowPitch - Below + (TitleGap * Pitch / PanelWidth));
    }

    private static void AddPanel(
        Plot plot, Coordinates corner, FrontSeries series, IReadOnlyList<string> tasks, double[]? experts, AccuracyScale scale)
    {
        double cell = CellRadius(series.Points);
        foreach (FrontPoint point in series.Points)
        {
            Polygon polygon = plot.Add.Polygon(Hexagon(Locate(corner, point.Preference!), cell));
            polygon.FillColor = scale.ColorOf(Weighted(point, experts));
            polygon.LineColor = Colors.White;
            polygon.LineWidth = 1;
        }

        double[] values = series.Points.Select(p => Weighted(p, experts)).ToArray();
        AddText(plot, new Coordinates(corner.X + 0.5, corner.Y + TriangleHeight + 0.42), series.Name, 15, ChartPalette.Ink, bold: true);
        AddText(
            plot,
            new Coordinates(corner.X + 0.5, corner.Y + TriangleHeight + 0.31),
            string.Create(CultureInfo.InvariantCulture, $"mean {values.Average():0.000}, worst {values.Min():0.000}"),
            12,
            ChartPalette.Muted,
            bold: false);

        for (int i = 0; i < tasks.Count; i++)
        {
            AddCorner(plot, corner, i, tasks[i], experts?[i], cell);
        }
    }

    private static void AddCorner(Plot plot, Coordinates corner, int task, string name, double? expert, double cell)
    {
        double[] preference = new double[3];
        preference[task] = 1;
        Coordinates vertex = Locate(corner, preference);
        bool top = task == 2;
        double above = cell + 0.035;
        double nameOffset = !top ? -0.16 : expert is null ? above : above + 0.08;
        AddText(plot, new Coordinates(vertex.X, vertex.Y + nameOffset), name, 13, ChartPalette.Ink, bold: false);
        if (expert is double accuracy)
        {
            string label = string.Create(CultureInfo.InvariantCulture, $"expert {accuracy:0.000}");
            AddText(plot, new Coordinates(vertex.X, vertex.Y + (top ? above : -0.24)), label, 11, ChartPalette.Muted, bold: false);
        }
    }

    private static void AddText(Plot plot, Coordinates location, string content, float size, Color color, bool bold)
    {
        Text text = plot.Add.Text(content, location);
        text.LabelAlignment = ScottPlot.Alignment.MiddleCenter;
        text.LabelFontSize = size;
        text.LabelFontColor = color;
        text.LabelBold = bold;
    }

    private static double Weighted(FrontPoint point, double[]? experts) =>
        point.Accuracies.Select((accuracy, i) => point.Preference![i] * accuracy / (experts?[i] ?? 1)).Sum();

    // Barycentric coordinates: the first task is the left corner, the second the right one, the third the top.
    private static Coordinates Locate(Coordinates corner, IReadOnlyList<double> preference) =>
        new(corner.X + preference[1] + (preference[2] / 2), corner.Y + (preference[2] * TriangleHeight));

    // The cell of a point in a triangular lattice is a hexagon; its radius follows from the distance to the nearest neighbour.
    private static double CellRadius(IReadOnlyList<FrontPoint> points)
    {
        double nearest = 1;
        Coordinates[] places = points.Select(p => Locate(default, p.Preference!)).ToArray();
        for (int i = 0; i < places.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double distance = places[i].Distance(places[j]);
                nearest = distance > 1e-6 ? Math.Min(nearest, distance) : nearest;
            }
        }

        return Math.Clamp(nearest / Math.Sqrt(3), 0.01, 0.15);
    }

    private static Coordinates[] Hexagon(Coordinates center, double radius)
    {
        Coordinates[] corners = new Coordinates[6];
        for (int i = 0; i < corners.Length; i++)
        {
            (double sin, double cos) = Math.SinCos((i + 0.5) * Math.PI / 3);
            corners[i] = new Coordinates(center.X + (radius * cos), center.Y + (radius * sin));
        }

        return corners;
    }
}
