using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>dx = (dy - y (y . dy)) / |x| row by row, zero where the norm is zero; 5RC flops, 12RC bytes. A tile is a block of rows.</summary>
internal readonly unsafe struct NormalizeRowsBackward : ISimdJob
{
    public required float* OutputGradient { get; init; }

    public required int OutputGradientStride { get; init; }

    public required float* Y { get; init; }

    public required int YStride { get; init; }

    public required float* Norms { get; init; }

    public required float* InputGradient { get; init; }

    public required int InputGradientStride { get; init; }

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
            float* dy = OutputGradient + ((long)row * OutputGradientStride);
            float* y = Y + ((long)row * YStride);
            float* dx = InputGradient + ((long)row * InputGradientStride);
            TVector projection = TIsa.Broadcast(-RowReductions<TIsa, TVector>.Dot(y, dy, Columns));
            TVector scale = TIsa.Broadcast(Norms[row] == 0 ? 0 : 1 / Norms[row]);
            for (int i = 0; i < Columns; i += TIsa.Width)
            {
                int left = Columns - i;
                TVector tangent = TIsa.MultiplyAdd(
                    projection, Lanes<TIsa, TVector>.Load(y + i, left), Lanes<TIsa, TVector>.Load(dy + i, left));
                Lanes<TIsa, TVector>.Store(TIsa.Multiply(tangent, scale), dx + i, left);
            }
        }
    }
}
