using System;

namespace Engine.Kernels.Host;

/// <summary>How many rows or elements one tile takes. It depends on shapes only, never on the number of workers.</summary>
internal static class ElementBlocks
{
    /// <summary>Elements per tile: 64 KiB of float32, enough work to pay for handing it to a worker, little enough to balance the load.
    /// </summary>
    public const int Elements = 16384;

    /// <summary>Tiles of <see cref="Elements"/> elements.</summary>
    public static int Count(long elements) => checked((int)((elements + Elements - 1) / Elements));

    /// <summary>Rows per tile, so that a tile has about <see cref="Elements"/> elements.</summary>
    public static int RowsPerTile(int columns) => Math.Max(1, Elements / Math.Max(1, columns));

    /// <summary>Tiles of so many rows.</summary>
    public static int Count(int rows, int rowsPerTile) => (rows + rowsPerTile - 1) / rowsPerTile;
}
