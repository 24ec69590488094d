using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// Layer normalisation, X [R, C] to Y [R, C]: y = (x - mean) rstd gamma + beta with rstd = 1 / sqrt(variance + epsilon).
/// About 8RC flops, 8RC bytes. A row stays in the first cache level, so mean and variance take a pass each: no cancellation, as
/// there would be in mean(x^2) - mean(x)^2. A tile is a block of rows.
/// </summary>
internal readonly unsafe struct LayerNormForward : ISimdJob
{
    public required float* X { get; init; }

    public required int XStride { get; init; }

    public required float* Gamma { get; init; }

    public required float* Beta { get; init; }

    public required float* Y { get; init; }

    public required int YStride { get; init; }

    /// <summary>[R], or null.</summary>
    public required float* Mean { get; init; }

    /// <summary>[R], or null.</summary>
    public required float* ReciprocalDeviation { get; init; }

    public required float Epsilon { get; init; }

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
            float mean = RowReductions<TIsa, TVector>.Sum(x, Columns) / Columns;
            float variance = RowReductions<TIsa, TVector>.SumSquares(x, Columns, mean) / Columns;
            float reciprocalDeviation = 1f / MathF.Sqrt(variance + Epsilon);
            if (Mean != null)
            {
                Mean[row] = mean;
                ReciprocalDeviation[row] = reciprocalDeviation;
            }

            Normalize<TIsa, TVector>(x, Y + ((long)row * YStride), mean, reciprocalDeviation);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normalize<TIsa, TVector>(float* x, float* y, float mean, float reciprocalDeviation)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        TVector center = TIsa.Broadcast(mean);
        TVector scale = TIsa.Broadcast(reciprocalDeviation);
        float* gamma = Gamma;
        float* beta = Beta;
        int count = Columns;
        for (int i = 0; i < count; i += TIsa.Width)
        {
            int left = count - i;
            TVector normalized = TIsa.Multiply(TIsa.Subtract(Lanes<TIsa, TVector>.Load(x + i, left), center), scale);
            TVector result = TIsa.MultiplyAdd(
                normalized, Lanes<TIsa, TVector>.Load(gamma + i, left), Lanes<TIsa, TVector>.Load(beta + i, left));
            Lanes<TIsa, TVector>.Store(result, y + i, left);
        }
    }
}
