using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>result[c, i] (+)= sums[0, i, c] + sums[1, i, c] + ... in that order: the end of <see cref="MultiDotColumns"/>.
/// A tile is a block of columns.</summary>
internal readonly unsafe struct MultiDotColumnResults : ITileJob
{
    /// <summary>Columns per tile.</summary>
    public const int TileColumns = 4 * ColumnBlocks.Width;

    /// <summary>[blocks], each <see cref="ColumnBlocks"/>.</summary>
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
        int end = Math.Min(Columns, (tile + 1) * TileColumns);
        long blockLength = ColumnBlocks.Count(Columns, ExpertCount);
        for (int column = tile * TileColumns; column < end; column++)
        {
            for (int k = 0; k < ExpertCount; k++)
            {
                float* result = Result + ((long)column * ExpertCount) + k;
                double sum = Accumulate ? *result : 0;
                double* sums = Sums + ColumnBlocks.IndexOf(column, k, ExpertCount);
                for (int block = 0; block < Blocks; block++)
                {
                    sum += sums[block * blockLength];
                }

                *result = (float)sum;
            }
        }
    }
}
