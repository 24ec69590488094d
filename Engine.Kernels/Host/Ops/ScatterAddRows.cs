using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>destination[indices[i]] += source[i] for i = 0, 1, ..., rows of C; NC flops, 12NC bytes. Equal indices accumulate in the order
/// of i, whatever the number of workers: a tile is a block of columns, and walks over all rows.</summary>
internal readonly unsafe struct ScatterAddRows : ISimdJob
{
    /// <summary>Columns per tile: whole cache lines, so that tiles share none; enough tiles for many cores at the usual widths.</summary>
    public const int TileColumns = 64;

    public required float* Source { get; init; }

    public required int SourceStride { get; init; }

    public required int* Indices { get; init; }

    public required float* Destination { get; init; }

    public required int DestinationStride { get; init; }

    /// <summary>N, rows of the source.</summary>
    public required int Rows { get; init; }

    public required int Columns { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int start = tile * TileColumns;
        int end = Math.Min(Columns, start + TileColumns);
        for (int row = 0; row < Rows; row++)
        {
            float* source = Source + ((long)row * SourceStride);
            float* destination = Destination + ((long)Indices[row] * DestinationStride);
            for (int i = start; i < end; i += TIsa.Width)
            {
                int left = end - i;
                TVector sum = TIsa.Add(Lanes<TIsa, TVector>.Load(destination + i, left), Lanes<TIsa, TVector>.Load(source + i, left));
                Lanes<TIsa, TVector>.Store(sum, destination + i, left);
            }
        }
    }
}
