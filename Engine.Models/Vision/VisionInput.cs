namespace Engine.Models;

/// <summary>Images that a vision transformer takes.</summary>
/// <param name="Channels">1 for grey, 3 for colour.</param>
/// <param name="ImageSize">Height and width in pixels.</param>
/// <param name="PatchSize">Edge of a patch in pixels; divides the image size.</param>
public sealed record VisionInput(int Channels, int ImageSize, int PatchSize)
{
    /// <summary>Patches per image.</summary>
    public int Patches => ImageSize / PatchSize * (ImageSize / PatchSize);

    /// <summary>T: patches and class token.</summary>
    public int Tokens => Patches + 1;

    /// <summary>Numbers per patch.</summary>
    public int PatchElements => Channels * PatchSize * PatchSize;
}
