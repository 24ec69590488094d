using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>y = x / |x| row by row, X [R, C], norms [R]; 3RC flops, 8RC bytes. A row of zeros stays zero. A tile is a block of rows.</summary>
internal readonly unsafe struct NormalizeRowsForward : ISimdJob
{
    public required float* X { get; init; }

    public required int XStride { get; init; }

    public required float* Y { get; init; }

    public required int YStride { get; init; }

    public required float* Norms { get; init; }

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
            float* y = Y + ((long)row * YStride);
            float norm = MathF.Sqrt(RowReductions<TIsa, TVector>.SumSquares(x, Columns, 0));
            TVector scale = TIsa.Broadcast(norm == 0 ? 0 : 1 / norm);
            Norms[row] = norm;
            for (int i = 0; i < Columns; i += TIsa.Width)
            {
                int left = Columns - i;
                Lanes<TIsa, TVector>.Store(TIsa.Multiply(Lanes<TIsa, TVector>.Load(x + i, left), scale), y + i, left);
            }
        }
    }
}
