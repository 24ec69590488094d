using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>In which order groups take the tiles of C: column by column through bands of a few rows of tiles, so that groups that run at
/// the
/// same time read few different panels of A and of B, which then come from the second-level cache.</summary>
internal static class GemmTileOrder
{
    private const int BandRows = 16;

    /// <summary>Column (X) and row (Y) of a tile.</summary>
    /// <param name="index">0 to tileRows * tileColumns - 1.</param>
    /// <param name="tileRows">Rows of tiles.</param>
    /// <param name="tileColumns">Columns of tiles.</param>
    public static Index2D Locate(int index, int tileRows, int tileColumns)
    {
        int band = index / (BandRows * tileColumns);
        int inBand = index - (band * BandRows * tileColumns);
        int rows = IntrinsicMath.Min(tileRows - (band * BandRows), BandRows);
        return new Index2D(inBand / rows, (band * BandRows) + (inBand % rows));
    }
}
