using System;
using System.IO;
using System.Text;
using Engine.Models;
using ScottPlot;

namespace WeightsTools;

/// <summary>A finished chart, ready to be written as PNG or SVG.</summary>
internal sealed class ChartImage : IDisposable
{
    // Pixels of a PNG per pixel of the layout: sharp on dense screens and in print.
    private const int PixelDensity = 2;

    private readonly Plot _plot;

    /// <summary>Takes over a plot.</summary>
    /// <param name="plot">What to draw.</param>
    /// <param name="width">Width of the layout in pixels.</param>
    /// <param name="height">Height of the layout in pixels.</param>
    public ChartImage(Plot plot, int width, int height)
    {
        _plot = plot;
        Width = width;
        Height = height;
    }

    /// <summary>Width of the layout in pixels; a PNG has twice as many.</summary>
    public int Width { get; }

    /// <summary>Height of the layout in pixels; a PNG has twice as many.</summary>
    public int Height { get; }

    /// <summary>Writes the chart; the name's extension, .png or .svg, decides the format.</summary>
    /// <exception cref="UsageException">The extension is another one.</exception>
    public void Save(string path)
    {
        byte[] bytes = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PNG" => EncodePng(),
            ".SVG" => Encoding.UTF8.GetBytes(EncodeSvg()),
            _ => throw new UsageException($"Cannot draw '{path}': a chart's name ends in .png or .svg."),
        };
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>The chart as a PNG file.</summary>
    public byte[] EncodePng()
    {
        _plot.ScaleFactor = PixelDensity;
        return _plot.GetImageBytes(Width * PixelDensity, Height * PixelDensity, ImageFormat.Png);
    }

    /// <summary>The chart as an SVG document.</summary>
    public string EncodeSvg()
    {
        _plot.ScaleFactor = 1;
        string svg = _plot.GetSvgXml(Width, Height);

        // The viewer's fonts draw the text: where it lacks ours, one of the same widths comes closest.
        return svg.Replace($"\"{ChartFont.Family}\"", $"\"{ChartFont.Family}, Verdana, sans-serif\"", StringComparison.Ordinal);
    }

    /// <summary>Releases the plot.</summary>
    public void Dispose() => _plot.Dispose();
}
