using System;
using System.IO;
using System.Threading;
using ScottPlot;
using SkiaSharp;

namespace WeightsTools;

/// <summary>The font of all charts, embedded in the program: servers and containers often have no font at all, and a chart then has no
/// text. It also makes charts look the same everywhere. DejaVu Sans, reduced to Latin, Greek and a few signs.</summary>
internal sealed class ChartFont : IFontResolver
{
    /// <summary>The family's name, which viewers of SVG files look up.</summary>
    public const string Family = "DejaVu Sans";

    private static readonly Lazy<ChartFont> Registered = new(Create, LazyThreadSafetyMode.ExecutionAndPublication);

    private readonly SKTypeface _regular = Load("DejaVuSans.ttf");
    private readonly SKTypeface _bold = Load("DejaVuSans-Bold.ttf");

    private ChartFont()
    {
    }

    /// <summary>Makes the font the default of the plotting library.</summary>
    public static void Register() => _ = Registered.Value;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Family ? Choose(weight >= FontWeight.SemiBold) : null;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Family ? Choose(bold) : null;

    private static ChartFont Create()
    {
        ChartFont font = new();
        Fonts.FontResolvers.Insert(0, font);
        Fonts.Default = Family;
        return font;
    }

    private static SKTypeface Load(string resource)
    {
        using Stream stream = typeof(ChartFont).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The program lacks its embedded font '{resource}'.");
        return SKTypeface.FromStream(stream) ?? throw new InvalidOperationException($"The embedded font '{resource}' cannot be read.");
    }

    private SKTypeface Choose(bool bold) => bold ? _bold : _regular;
}
