namespace Engine.Kernels.Device;

/// <summary>The parts of C that groups compute: register tiles, largest first, and columns of few rows.</summary>
internal enum GemmTileShape
{
    /// <summary>On tensor cores only, where launches can give a group <see cref="TensorGemm.LargeTileSharedBytes"/>.</summary>
    Rows128Columns256,

    /// <summary><see cref="GemmTile128x128"/>.</summary>
    Rows128Columns128,

    /// <summary><see cref="GemmTile128x64"/>.</summary>
    Rows128Columns64,

    /// <summary><see cref="GemmTile64x64"/>.</summary>
    Rows64Columns64,

    /// <summary>All rows, up to <see cref="FewRowsLauncher.MostRows"/>, of <see cref="GemmPlan.Columns"/> columns.</summary>
    FewRows,
}
