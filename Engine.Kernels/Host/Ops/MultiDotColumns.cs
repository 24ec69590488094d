using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// result[c, i] (+)= sum over rows of gradient[r, c] (expert_i[r, c] - base[r, c]): the n-way dot where a channel is a column
/// ([in, out] matrices). 3nP flops, (n + 2) 4P bytes. A tile is a block of columns and walks over all rows, so that no two tiles share
/// a sum; a sum takes <see cref="Rounds"/> rows in float32, then goes on in float64.
/// </summary>
internal readonly unsafe struct MultiDotColumns : ISimdJob
{
    /// <summary>Columns per tile: 2 KiB of every row and expert, half a page, and sums that fit the second cache level for dozens of experts.</summary>
    public const int TileColumns = 512;

    private const int Rounds = 32;

    public required float* Gradient { get; init; }

    /// <summary>Null address if there is none.</summary>
    public required StoredOperand Base { get; init; }

    /// <summary>[n].</summary>
    public required StoredOperand* Experts { get; init; }

    public required int ExpertCount { get; init; }

    /// <summary>[columns, n].</summary>
    public required float* Result { get; init; }

    public required bool Accumulate { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    /// <summary><see cref="ScratchBytes"/> per worker.</summary>
    public required ScratchRegions Scratch { get; init; }

    /// <summary>Per worker: base and expert of one row, float32 and float64 sums of all experts.</summary>
    public static long ScratchBytes(int experts) => TileColumns * ((2 * sizeof(float)) + (experts * (long)(sizeof(float) + sizeof(double))));

    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int start = tile * TileColumns;
        int length = Math.Min(TileColumns, Columns - start);
        float* baseRow = Scratch.Of(worker);
        float* expertRow = baseRow + TileColumns;
        double* totals = (double*)(expertRow + TileColumns);
        float* sums = (float*)(totals + ((long)ExpertCount * TileColumns));
        new Span<double>(totals, ExpertCount * TileColumns).Clear();
        for (int first = 0; first < Rows; first += Rounds)
        {
            new Span<float>(sums, ExpertCount * TileColumns).Clear();
            int end = Math.Min(Rows, first + Rounds);
            for (int row = first; row < end; row++)
            {
                long index = ((long)row * Columns) + start;
                float* @base = Base.Address == null ? null : Segment<TIsa, TVector>(Base, index, baseRow, length);
                for (int k = 0; k < ExpertCount; k++)
                {
                    float* expert = Segment<TIsa, TVector>(Experts[k], index, expertRow, length);
                    AddProducts<TIsa, TVector>(Gradient + index, @base, expert, sums + ((long)k * TileColumns), length);
                }
            }

            for (int i = 0; i < ExpertCount * TileColumns; i += TIsa.Width)
            {
                TIsa.AddToDouble(TIsa.Load(sums + i), totals + i);
            }
        }

        for (int column = 0; column < length; column++)
        {
            float* result = Result + ((long)(start + column) * ExpertCount);
            for (int k = 0; k < ExpertCount; k++)
            {
                result[k] = (float)(totals[((long)k * TileColumns) + column] + (Accumulate ? result[k] : 0));
            }
        }
    }

    /// <summary>A piece of a stored tensor in float32: in place if it is that already.</summary>
    private static float* Segment<TIsa, TVector>(StoredOperand stored, long index, float* scratch, int length)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        if (stored.DType == DType.F32)
        {
            return (float*)stored.Address + index;
        }

        Widening.ToFloat32<TIsa, TVector>(stored, index, scratch, length);
        return scratch;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddProducts<TIsa, TVector>(float* gradient, float* @base, float* expert, float* sums, int length)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        for (int i = 0; i < length; i += TIsa.Width)
        {
            int left = length - i;
            TVector difference = Lanes<TIsa, TVector>.Load(expert + i, left);
            if (@base != null)
            {
                difference = TIsa.Subtract(difference, Lanes<TIsa, TVector>.Load(@base + i, left));
            }

            TVector sum = TIsa.MultiplyAdd(Lanes<TIsa, TVector>.Load(gradient + i, left), difference, TIsa.Load(sums + i));
            TIsa.Store(sum, sums + i);
        }
    }
}
