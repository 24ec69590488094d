using System;
using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Grids of the usual shapes.</summary>
internal static class LaunchGrid
{
    // CUDA's limit of a grid's second and third dimension. Kernels loop over rows beyond it.
    private const int MostRows = 65535;

    /// <summary>Groups side by side over columns, and one row of them per row.</summary>
    public static Index3D Of(int columns, int groupSize, int rows = 1) =>
        new((int)(((long)columns + groupSize - 1) / groupSize), Math.Min(rows, MostRows), 1);

    /// <summary>One thread per <see cref="Float4"/>, the last one for what is left.</summary>
    public static Index3D OfVectors(int count, int groupSize) => Of((count + Float4.Width - 1) / Float4.Width, groupSize);
}
