using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// Gradient of layer normalisation. With xhat = (x - mean) rstd and g = dy gamma:
/// dx = rstd (g - mean(g) - xhat mean(g xhat)), dgamma = sum over rows of dy xhat, dbeta = sum over rows of dy.
/// About 16RC flops; 12RC bytes, 16RC with accumulation. A tile is a block of rows; it leaves its part of the two column sums
/// in <see cref="Partials"/>, which <see cref="ColumnSums"/> adds in the order of the blocks: bit-equal for any number of workers.
/// </summary>
internal readonly unsafe struct LayerNormBackward : ISimdJob
{
    /// <summary>Row blocks at most: bounds the partial sums to be added, and still feeds many cores.</summary>
    private const int MaxBlocks = 64;

    public required float* OutputGradient { get; init; }

    public required int OutputGradientStride { get; init; }

    public required float* X { get; init; }

    public required int XStride { get; init; }

    public required float* Gamma { get; init; }

    public required float* Mean { get; init; }

    public required float* ReciprocalDeviation { get; init; }

    /// <summary>[R, C], or null.</summary>
    public required float* InputGradient { get; init; }

    public required int InputGradientStride { get; init; }

    public required bool Accumulate { get; init; }

    /// <summary>[blocks, 2C]: dgamma, then dbeta of each block; or null.</summary>
    public required float* Partials { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required int RowsPerTile { get; init; }

    /// <summary>Rows of a block.</summary>
    public static int BlockRows(int rows, int columns) =>
        Math.Max(ElementBlocks.RowsPerTile(columns), (rows + MaxBlocks - 1) / MaxBlocks);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        float* gammaSums = null;
        float* betaSums = null;
        if (Partials != null)
        {
            gammaSums = Partials + ((long)tile * 2 * Columns);
            betaSums = gammaSums + Columns;
            new Span<float>(gammaSums, 2 * Columns).Clear();
        }

        int end = Math.Min(Rows, (tile + 1) * RowsPerTile);
        for (int row = tile * RowsPerTile; row < end; row++)
        {
            float* dy = OutputGradient + ((long)row * OutputGradientStride);
            float* x = X + ((long)row * XStride);
            if (gammaSums != null)
            {
                AddParameterGradients<TIsa, TVector>(dy, x, row, gammaSums, betaSums);
            }

            if (InputGradient != null)
            {
                WriteInputGradient<TIsa, TVector>(dy, x, row, InputGradient + ((long)row * InputGradientStride));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddParameterGradients<TIsa, TVector>(float* dy, float* x, int row, float* gammaSums, float* betaSums)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        TVector mean = TIsa.Broadcast(Mean[row]);
        TVector scale = TIsa.Broadcast(ReciprocalDeviation[row]);
        int count = Columns;
        for (int i = 0; i < count; i += TIsa.Width)
        {
            int left = count - i;
            TVector gradient = Lanes<TIsa, TVector>.Load(dy + i, left);
            TVector normalized = TIsa.Multiply(TIsa.Subtract(Lanes<TIsa, TVector>.Load(x + i, left), mean), scale);
            TVector gammaSum = TIsa.MultiplyAdd(gradient, normalized, Lanes<TIsa, TVector>.Load(gammaSums + i, left));
            Lanes<TIsa, TVector>.Store(gammaSum, gammaSums + i, left);
            Lanes<TIsa, TVector>.Store(TIsa.Add(gradient, Lanes<TIsa, TVector>.Load(betaSums + i, left)), betaSums + i, left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteInputGradient<TIsa, TVector>(float* dy, float* x, int row, float* dx)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        TVector mean = TIsa.Broadcast(Mean[row]);
        TVector scale = TIsa.Broadcast(ReciprocalDeviation[row]);
        float* gamma = Gamma;
        int count = Columns;
        TVector sum = TIsa.Zero;
        TVector dot = TIsa.Zero;
        for (int i = 0; i < count; i += TIsa.Width)
        {
            int left = count - i;
            TVector g = TIsa.Multiply(Lanes<TIsa, TVector>.Load(dy + i, left), Lanes<TIsa, TVector>.Load(gamma + i, left));
            TVector normalized = TIsa.Multiply(TIsa.Subtract(Lanes<TIsa, TVector>.Load(x + i, left), mean), scale);
            sum = TIsa.Add(sum, g);
            dot = TIsa.MultiplyAdd(g, normalized, dot);
        }

        TVector meanGradient = TIsa.Broadcast(TIsa.Sum(sum) / count);
        TVector meanDot = TIsa.Broadcast(TIsa.Sum(dot) / count);
        for (int i = 0; i < count; i += TIsa.Width)
        {
            int left = count - i;
            TVector g = TIsa.Multiply(Lanes<TIsa, TVector>.Load(dy + i, left), Lanes<TIsa, TVector>.Load(gamma + i, left));
            TVector normalized = TIsa.Multiply(TIsa.Subtract(Lanes<TIsa, TVector>.Load(x + i, left), mean), scale);
            TVector centered = TIsa.Subtract(TIsa.Subtract(g, meanGradient), TIsa.Multiply(normalized, meanDot));
            TVector result = Accumulate
                ? TIsa.MultiplyAdd(scale, centered, Lanes<TIsa, TVector>.Load(dx + i, left))
                : TIsa.Multiply(scale, centered);
            Lanes<TIsa, TVector>.Store(result, dx + i, left);
        }
    }
}
