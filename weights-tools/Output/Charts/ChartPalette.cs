using ScottPlot;

namespace WeightsTools;

/// <summary>Colours of charts: series that stay apart for colour-blind readers and in print, quiet greys for everything else.</summary>
internal static class ChartPalette
{
    /// <summary>Text and axes.</summary>
    public static readonly Color Ink = Color.FromHex("#222222");

    /// <summary>Secondary text.</summary>
    public static readonly Color Muted = Color.FromHex("#6B6B6B");

    /// <summary>Grid lines and guides.</summary>
    public static readonly Color Faint = Color.FromHex("#DDDDDD");

    private static readonly Color[] Baselines = [Color.FromHex("#7F7F7F"), Color.FromHex("#B0B0B0"), Color.FromHex("#4D4D4D")];

    // After Okabe and Ito, "Color Universal Design" (2008), strongest contrasts first.
    private static readonly Color[] Methods =
    [
        Color.FromHex("#0072B2"), Color.FromHex("#D55E00"), Color.FromHex("#009E73"),
        Color.FromHex("#CC79A7"), Color.FromHex("#E69F00"), Color.FromHex("#56B4E9"),
    ];

    /// <summary>The colour of the n-th method; they repeat after six.</summary>
    public static Color Method(int index) => Methods[index % Methods.Length];

    /// <summary>The grey of the n-th baseline; they repeat after three.</summary>
    public static Color Baseline(int index) => Baselines[index % Baselines.Length];
}
