using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>y[i] = x[indices[i]], rows of C; 8NC bytes. A tile is a block of rows.</summary>
internal readonly unsafe struct GatherRowsForward : ITileJob
{
    public required float* X { get; init; }

    public required int XStride { get; init; }

    public required int* Indices { get; init; }

    public required float* Y { get; init; }

    public required int YStride { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required int RowsPerTile { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute(int tile, int worker)
    {
        int end = Math.Min(Rows, (tile + 1) * RowsPerTile);
        for (int row = tile * RowsPerTile; row < end; row++)
        {
            new ReadOnlySpan<float>(X + ((long)Indices[row] * XStride), Columns)
                .CopyTo(new Span<float>(Y + ((long)row * YStride), Columns));
        }
    }
}
