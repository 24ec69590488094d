using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>result[c, i] (+)= sums[0, i, c] + sums[1, i, c] + ... in that order: the end of <see cref="MultiDotColumns"/>.
/// A tile is a block of columns.</summary>
internal readonly unsafe struct MultiDotColumnResults : ITileJob
{
    /// <summary>Columns per tile.</summary>
    public const int TileColumns = 512;

    /// <summary>[blocks, n, <see cref="MultiDotColumns.PaddedColumns"/>]; block 0 becomes the total.</summary>
    public required double* Sums { get; init; }

    public required int Blocks { get; init; }

    /// <summary>n.</summary>
    public required int ExpertCount { get; init; }

    /// <summary>[columns, n].</summary>
    public required float* Result { get; init; }

    public required int Columns { get; init; }

    public required bool Accumulate { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute(int tile, int worker)
    {
        int start = tile * TileColumns;
        int end = Math.Min(Columns, start + TileColumns);
        long padded = MultiDotColumns.PaddedColumns(Columns);
        for (int k = 0; k < ExpertCount; k++)
        {
            double* total = Sums + (k * padded);
            for (int block = 1; block < Blocks; block++)
            {
                double* sums = Sums + ((((long)block * ExpertCount) + k) * padded);
                for (int column = start; column < end; column++)
                {
                    total[column] += sums[column];
                }
            }

            for (int column = start; column < end; column++)
            {
                float* result = Result + ((long)column * ExpertCount) + k;
                *result = (float)(total[column] + (Accumulate ? *result : 0));
            }
        }
    }
}
