using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>The first column of each row's largest entry, X [R, V]. One pass over memory: the maximum block by block on registers, then
/// a scan of the one block that holds it.</summary>
internal readonly unsafe struct ArgMaxRows : ISimdJob
{
    // Small enough that the scan costs nothing, large enough that the reduction of a register seldom happens.
    private const int Block = 512;

    public required float* X { get; init; }

    public required int XStride { get; init; }

    public required int* Indices { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required int RowsPerTile { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int end = Math.Min(Rows, (tile + 1) * RowsPerTile);
        for (int row = tile * RowsPerTile; row < end; row++)
        {
            float* x = X + ((long)row * XStride);
            float best = float.NegativeInfinity;
            int bestStart = 0;
            for (int start = 0; start < Columns; start += Block)
            {
                float max = RowReductions<TIsa, TVector>.Max(x + start, Math.Min(Block, Columns - start));
                if (max > best)
                {
                    best = max;
                    bestStart = start;
                }
            }

            int length = Math.Min(Block, Columns - bestStart);
            Indices[row] = bestStart + Math.Max(0, new ReadOnlySpan<float>(x + bestStart, length).IndexOf(best));
        }
    }
}
