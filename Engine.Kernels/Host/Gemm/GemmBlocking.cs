using System;

namespace Engine.Kernels.Host;

/// <summary>Block sizes of the product. Only <see cref="DepthBlock"/> and <see cref="MostDepth"/> touch the result's last bits (they say
/// where partial sums meet), and they do not depend on the workers.</summary>
internal static class GemmBlocking
{
    /// <summary>Most k per pass of the micro-kernel. Long passes visit C seldom. A panel of B of this depth exceeds the
    /// first-level cache, but the micro-kernel needs so few bytes per multiply-add that the second level feeds it
    /// (measured: 90 % of peak, against 87 % with 384).</summary>
    public const int DepthBlock = 768;

    /// <summary>Most k that is packed at once; a longer product is computed in parts of this depth, eight
    /// <see cref="DepthBlock"/>.</summary>
    public const int MostDepth = 8 * DepthBlock;

    /// <summary>Rows of C per tile: with <see cref="DepthBlock"/>, 344 kB of A, a third of the second-level cache.</summary>
    public const int TileRows = 112;

    /// <summary>Most columns of C per tile.</summary>
    public const int TileColumns = 256;

    /// <summary>Most rows of C for which every tile spans all rows. Then a panel of B is needed by one tile only, which packs
    /// it on the spot while its lines arrive during the arithmetic before: B is read once and its packed copy never leaves
    /// the second-level cache.</summary>
    public const int FewRows = 264;

    /// <summary>The same if k is at most <see cref="DepthBlock"/>, so that tiles have no partial sums and rows of A may come from
    /// the shared cache (measured with 800 and 1536 rows: 1 to 2 % faster; with k = 3072 up to 4 % slower).</summary>
    public const int FewRowsOfShallow = 2048;

    /// <summary>Packed floats per operand, 16 MB: what a shared cache holds, and the bound on the workspace.</summary>
    public const int PackedFloats = 4 << 20;

    /// <summary>Multiply-adds below which other workers are not woken: some ten microseconds of work.</summary>
    public const long InlineMultiplyAdds = 1 << 19;

    /// <summary>Tiles per worker: enough that the last ones level out, few enough that each reuses what it loads.</summary>
    public const int TilesPerWorker = 8;

    /// <summary>Rows of C up to which the product is bound by reading B once.</summary>
    public const int GemvRows = 4;

    /// <summary>Most positions (rows of A or columns of B) to pack at once.</summary>
    /// <param name="length">M or N.</param>
    /// <param name="depth">K.</param>
    /// <param name="panel">Positions per panel; the result is a multiple of it unless it is all of length.</param>
    /// <param name="packedFloats">Floats to stay within if one panel does.</param>
    public static int PackedLength(int length, int depth, int panel, int packedFloats)
    {
        int fitting = packedFloats / Math.Max(depth, 1) / panel * panel;
        return Math.Min(length, Math.Max(fitting, panel));
    }

    /// <summary>True if each tile spans all rows of C and packs its own columns.</summary>
    public static bool TilesSpanRows(int rows, int depth) => rows <= (depth <= DepthBlock ? FewRowsOfShallow : FewRows);
}
