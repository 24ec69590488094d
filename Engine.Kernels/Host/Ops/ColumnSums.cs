using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>sums[c] (+)= partials[0, c] + partials[1, c] + ..., in that order. 4BC bytes for B blocks; a tile is a block of columns.</summary>
internal readonly unsafe struct ColumnSums : ISimdJob
{
    /// <summary>Columns per tile: two cache lines of AVX-512 registers per row, few enough to spread one wide row.</summary>
    public const int TileColumns = 1024;

    public required float* Partials { get; init; }

    public required int PartialStride { get; init; }

    public required int Blocks { get; init; }

    public required float* Sums { get; init; }

    public required int Columns { get; init; }

    public required bool Accumulate { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int end = Math.Min(Columns, (tile + 1) * TileColumns);
        for (int i = tile * TileColumns; i < end; i += TIsa.Width)
        {
            TVector sum = Accumulate ? Lanes<TIsa, TVector>.Load(Sums + i, end - i) : TIsa.Zero;
            for (int block = 0; block < Blocks; block++)
            {
                sum = TIsa.Add(sum, Lanes<TIsa, TVector>.Load(Partials + ((long)block * PartialStride) + i, end - i));
            }

            Lanes<TIsa, TVector>.Store(sum, Sums + i, end - i);
        }
    }
}
