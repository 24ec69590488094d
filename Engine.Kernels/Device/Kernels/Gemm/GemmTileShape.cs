namespace Engine.Kernels.Device;

/// <summary>The register tiles there are, largest first.</summary>
internal enum GemmTileShape
{
    /// <summary><see cref="GemmTile128x128"/>.</summary>
    Rows128Columns128,

    /// <summary><see cref="GemmTile128x64"/>.</summary>
    Rows128Columns64,

    /// <summary><see cref="GemmTile64x64"/>.</summary>
    Rows64Columns64,
}
