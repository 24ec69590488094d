using System;
using System.Collections.Generic;
using System.Linq;
using ScottPlot;
using ScottPlot.Colormaps;

namespace WeightsTools;

/// <summary>One colour scale for all panels of a chart.</summary>
internal sealed class AccuracyScale : IHasColorAxis
{
    private readonly double _low;
    private readonly double _high;

    /// <summary>Covers all values.</summary>
    public AccuracyScale(IReadOnlyCollection<double> values)
    {
        _low = values.Min();
        _high = Math.Max(values.Max(), _low + 0.01);
    }

    /// <inheritdoc/>
    public IColormap Colormap { get; } = new Viridis();

    /// <inheritdoc/>
    public ScottPlot.Range GetRange() => new(_low, _high);

    /// <summary>The colour of a value.</summary>
    public Color ColorOf(double value) => Colormap.GetColor(Math.Clamp((value - _low) / (_high - _low), 0, 1));
}
