using System;

namespace Engine.Kernels.Host;

/// <summary>
/// How the rows of op(A) or the columns of op(B) are cut into panels. Row panels are balanced: no row is padding, and the
/// micro-kernel exists in every height. Column panels have the micro-kernel's full width; the last is as narrow as whole
/// registers allow, and what is left over in it is padding.
/// </summary>
internal readonly struct PanelLayout
{
    private readonly int _length;
    private readonly int _fullWidth;
    private readonly int _granularity;
    private readonly BalancedPartition _rows;

    private PanelLayout(int length, int fullWidth, int granularity, BalancedPartition rows)
    {
        _length = length;
        _fullWidth = fullWidth;
        _granularity = granularity;
        _rows = rows;
    }

    /// <summary>Number of panels.</summary>
    public int Count => _rows.Count;

    /// <summary>Panels of at most <paramref name="tallest"/> rows.</summary>
    public static PanelLayout OfRows(int rows, int tallest) =>
        new(rows, tallest, 0, BalancedPartition.OfAtMost(tallest, rows));

    /// <summary>Panels of <paramref name="widest"/> columns, a multiple of the register width.</summary>
    public static PanelLayout OfColumns(int columns, int widest, int registerWidth) =>
        new(columns, widest, registerWidth, BalancedPartition.OfAtMost(widest, columns));

    /// <summary>First position in the panel.</summary>
    public int Start(int panel) => _granularity == 0 ? _rows.Start(panel) : panel * _fullWidth;

    /// <summary>Positions in the panel.</summary>
    public int Width(int panel) => _granularity == 0 ? _rows.Size(panel) : Math.Min(_fullWidth, _length - (panel * _fullWidth));

    /// <summary>Floats that the panel takes per k, padding included.</summary>
    public int PaddedWidth(int panel)
    {
        int width = Width(panel);
        return _granularity == 0 ? width : (width + _granularity - 1) / _granularity * _granularity;
    }
}
