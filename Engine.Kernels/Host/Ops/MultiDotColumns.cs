using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// sums[block, i, c] = sum over a block of rows of gradient[r, c] (expert_i[r, c] - base[r, c]): the n-way dot where a channel is a column
/// ([in, out] matrices). 3nP flops, (n + 2) 4P bytes. A tile is a block of whole rows, so that every tensor is read as one stream.
/// Four registers of gradient and base stay put while the experts stream by, in groups of one dtype as in <see cref="MultiDotRows"/>.
/// A sum takes <see cref="Rounds"/> rows in float32, then goes on in float64; <see cref="MultiDotColumnResults"/> adds the blocks in order.
/// </summary>
internal readonly unsafe struct MultiDotColumns : ISimdJob
{
    /// <summary>Rows that are summed in float32.</summary>
    private const int Rounds = 32;

    // Bounds the memory of the sums, and still feeds many cores.
    private const int MaxBlocks = 16;

    public required float* Gradient { get; init; }

    /// <summary>Null address if there is none.</summary>
    public required StoredOperand Base { get; init; }

    /// <summary>[n].</summary>
    public required StoredOperand* Experts { get; init; }

    public required int ExpertCount { get; init; }

    /// <summary>[blocks], each <see cref="ColumnBlocks"/>.</summary>
    public required double* Sums { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    /// <summary><see cref="ScratchBytes"/> per worker.</summary>
    public required ScratchRegions Scratch { get; init; }

    /// <summary>Rows of a tile.</summary>
    public static int RowsPerTile(int rows) => Math.Max(Rounds, (rows + MaxBlocks - 1) / MaxBlocks);

    /// <summary>Per worker: float32 sums of all experts, and a row of the base.</summary>
    public static long ScratchBytes(int columns, int experts) => (ColumnBlocks.Count(columns, experts) + columns) * sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int sumCount = (int)ColumnBlocks.Count(Columns, ExpertCount);
        float* partial = Scratch.Of(worker);
        float* baseRow = partial + sumCount;
        double* total = Sums + ((long)tile * sumCount);
        new Span<double>(total, sumCount).Clear();
        int rowsPerTile = RowsPerTile(Rows);
        int end = Math.Min(Rows, (tile + 1) * rowsPerTile);
        for (int first = tile * rowsPerTile; first < end; first += Rounds)
        {
            new Span<float>(partial, sumCount).Clear();
            for (int row = first; row < Math.Min(end, first + Rounds); row++)
            {
                AddRow<TIsa, TVector>(row, partial, baseRow);
            }

            for (int i = 0; i < sumCount; i += TIsa.Width)
            {
                TIsa.AddToDouble(TIsa.Load(partial + i), total + i);
            }
        }
    }

    private void AddRow<TIsa, TVector>(int row, float* partial, float* baseRow)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        long start = (long)row * Columns;
        float* @base = Base.Address == null ? null : (float*)Base.Address + start;
        if (@base != null && Base.DType != DType.F32)
        {
            StorageConversion.Widen<TIsa, TVector>(Base, start, baseRow, Columns);
            @base = baseRow;
        }

        for (int first = 0; first < ExpertCount;)
        {
            int end = StoredOperand.GroupEnd(Experts, first, ExpertCount);
            switch (Experts[first].DType)
            {
                case DType.F16:
                    AddGroup<TIsa, TVector, Float16Storage>(start, @base, first, end, partial);
                    break;
                case DType.BF16:
                    AddGroup<TIsa, TVector, BFloat16Storage>(start, @base, first, end, partial);
                    break;
                default:
                    AddGroup<TIsa, TVector, Float32Storage>(start, @base, first, end, partial);
                    break;
            }

            first = end;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddGroup<TIsa, TVector, TFormat>(long start, float* @base, int first, int end, float* partial)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
        where TFormat : struct, IStorageFormat
    {
        int width = TIsa.Width;
        float* gradient = Gradient + start;
        int i = 0;
        for (; i + (4 * width) <= Columns; i += 4 * width)
        {
            TVector b0 = @base == null ? TIsa.Zero : TIsa.Load(@base + i);
            TVector b1 = @base == null ? TIsa.Zero : TIsa.Load(@base + i + width);
            TVector b2 = @base == null ? TIsa.Zero : TIsa.Load(@base + i + (2 * width));
            TVector b3 = @base == null ? TIsa.Zero : TIsa.Load(@base + i + (3 * width));
            TVector g0 = TIsa.Load(gradient + i);
            TVector g1 = TIsa.Load(gradient + i + width);
            TVector g2 = TIsa.Load(gradient + i + (2 * width));
            TVector g3 = TIsa.Load(gradient + i + (3 * width));
            float* sums = partial + ColumnBlocks.IndexOf(i, first, ExpertCount);
            long index = start + i;
            for (int k = first; k < end; k++)
            {
                byte* expert = Experts[k].Address;
                TVector e0 = TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index), b0);
                TVector e1 = TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index + width), b1);
                TVector e2 = TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index + (2 * width)), b2);
                TVector e3 = TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index + (3 * width)), b3);
                TIsa.Store(TIsa.MultiplyAdd(g0, e0, TIsa.Load(sums)), sums);
                TIsa.Store(TIsa.MultiplyAdd(g1, e1, TIsa.Load(sums + width)), sums + width);
                TIsa.Store(TIsa.MultiplyAdd(g2, e2, TIsa.Load(sums + (2 * width))), sums + (2 * width));
                TIsa.Store(TIsa.MultiplyAdd(g3, e3, TIsa.Load(sums + (3 * width))), sums + (3 * width));
                sums += ColumnBlocks.Width;
            }
        }

        for (; i < Columns; i += width)
        {
            int left = Columns - i;
            TVector b = @base == null ? TIsa.Zero : Lanes<TIsa, TVector>.Load(@base + i, left);
            TVector g = Lanes<TIsa, TVector>.Load(gradient + i, left);
            for (int k = first; k < end; k++)
            {
                float* sums = partial + ColumnBlocks.IndexOf(i, k, ExpertCount);
                TVector expert = Lanes<TIsa, TVector>.Load<TFormat>(Experts[k].Address, start + i, left);
                TIsa.Store(TIsa.MultiplyAdd(g, TIsa.Subtract(expert, b), TIsa.Load(sums)), sums);
            }
        }
    }
}
