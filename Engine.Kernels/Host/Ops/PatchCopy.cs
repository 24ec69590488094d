using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// Pixels [B, channels, height, width] to patches [B rows columns, channels size size] and back: a permutation, 8 bytes per pixel.
/// A unit of work is one row of patches of one image: image rows are walked along, each cut into pieces of the patch size.
/// </summary>
internal readonly unsafe struct PatchCopy : ITileJob
{
    public required float* Pixels { get; init; }

    /// <summary>Elements from one line of pixels to the next.</summary>
    public required int PixelStride { get; init; }

    public required float* Patches { get; init; }

    public required int PatchStride { get; init; }

    /// <summary>From patches to pixels.</summary>
    public required bool Fold { get; init; }

    public required int Channels { get; init; }

    public required int Height { get; init; }

    public required int Width { get; init; }

    public required int PatchSize { get; init; }

    /// <summary>B height / size.</summary>
    public required int PatchRows { get; init; }

    public required int PatchRowsPerTile { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute(int tile, int worker)
    {
        int end = Math.Min(PatchRows, (tile + 1) * PatchRowsPerTile);
        for (int patchRow = tile * PatchRowsPerTile; patchRow < end; patchRow++)
        {
            int image = patchRow / (Height / PatchSize);
            int top = patchRow % (Height / PatchSize) * PatchSize;
            float* patches = Patches + ((long)patchRow * (Width / PatchSize) * PatchStride);
            for (int line = 0; line < Channels * PatchSize; line++)
            {
                int channel = line / PatchSize;
                int y = top + (line % PatchSize);
                float* pixels = Pixels + ((((((long)image * Channels) + channel) * Height) + y) * PixelStride);
                CopyLine(pixels, patches + (line * PatchSize));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyLine(float* pixels, float* patchLine)
    {
        for (int x = 0; x < Width; x += PatchSize, patchLine += PatchStride)
        {
            Span<float> image = new(pixels + x, PatchSize);
            Span<float> patch = new(patchLine, PatchSize);
            if (Fold)
            {
                patch.CopyTo(image);
            }
            else
            {
                image.CopyTo(patch);
            }
        }
    }
}
