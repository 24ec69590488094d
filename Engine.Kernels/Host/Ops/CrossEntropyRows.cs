using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// Softmax cross-entropy of rows, logits [R, V]: loss = ln sum exp(x - max) + max - x[label]; gradient = scale (softmax - onehot).
/// Three passes over a row (maximum, exponentials and their sum, scaling), about 20RV flops. A row of 50257 is 200 KiB and stays
/// in the second cache level, so memory sees one read and one write; the exponentials wait in the gradient's own place.
/// </summary>
internal readonly unsafe struct CrossEntropyRows : ISimdJob
{
    // Registers of exponentials summed in float32 before they are added in float64.
    private const int SumBlock = 64;

    public required float* Logits { get; init; }

    public required int LogitStride { get; init; }

    public required int* Labels { get; init; }

    public required float* Losses { get; init; }

    /// <summary>[R, V], or null; may be the logits.</summary>
    public required float* Gradient { get; init; }

    public required int GradientStride { get; init; }

    public required float GradientScale { get; init; }

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
            float* logits = Logits + ((long)row * LogitStride);
            float* gradient = Gradient == null ? null : Gradient + ((long)row * GradientStride);
            int label = Labels[row];
            if (label == CrossEntropyArgs.IgnoreLabel)
            {
                Losses[row] = 0;
                if (gradient != null)
                {
                    new Span<float>(gradient, Columns).Clear();
                }

                continue;
            }

            float labelLogit = logits[label];
            float max = RowReductions<TIsa, TVector>.Max(logits, Columns);
            double sum = SumExponentials<TIsa, TVector>(logits, max, gradient);
            Losses[row] = (float)(Math.Log(sum) + max - labelLogit);
            if (gradient != null)
            {
                Scale<TIsa, TVector>(gradient, (float)(GradientScale / sum));
                gradient[label] -= GradientScale;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double SumExponentials<TIsa, TVector>(float* logits, float max, float* exponentials)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        TVector shift = TIsa.Broadcast(max);
        int count = Columns;
        int block = SumBlock * TIsa.Width;
        double total = 0;
        for (int start = 0; start < count; start += block)
        {
            TVector sum = TIsa.Zero;
            int end = Math.Min(count, start + block);
            for (int i = start; i < end; i += TIsa.Width)
            {
                int left = count - i;
                TVector x = TIsa.Subtract(Lanes<TIsa, TVector>.Load(logits + i, left), shift);
                TVector e = Lanes<TIsa, TVector>.Keep(VectorExp<TIsa, TVector>.ExpNonPositive(x), left, 0);
                sum = TIsa.Add(sum, e);
                if (exponentials != null)
                {
                    Lanes<TIsa, TVector>.Store(e, exponentials + i, left);
                }
            }

            total += TIsa.Sum(sum);
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scale<TIsa, TVector>(float* row, float factor)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        TVector scale = TIsa.Broadcast(factor);
        int count = Columns;
        for (int i = 0; i < count; i += TIsa.Width)
        {
            Lanes<TIsa, TVector>.Store(TIsa.Multiply(Lanes<TIsa, TVector>.Load(row + i, count - i), scale), row + i, count - i);
        }
    }
}
