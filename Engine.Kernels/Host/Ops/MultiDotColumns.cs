using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// sums[block, i, c] = sum over a block of rows of gradient[r, c] (expert_i[r, c] - base[r, c]): the n-way dot where a channel is a column
/// ([in, out] matrices). 3nP flops, (n + 2) 4P bytes. A tile is a block of whole rows, so that every tensor is read as one stream;
/// pieces of rows would begin a stream each. A sum takes <see cref="Rounds"/> rows in float32, then goes on in float64.
/// <see cref="MultiDotColumnResults"/> adds the blocks in order.
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

    /// <summary>[blocks, n, <see cref="PaddedColumns"/>].</summary>
    public required double* Sums { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    /// <summary><see cref="ScratchBytes"/> per worker.</summary>
    public required ScratchRegions Scratch { get; init; }

    /// <summary>Columns rounded up to whole registers.</summary>
    public static int PaddedColumns(int columns) => (columns + 63) / 64 * 64;

    /// <summary>Rows of a tile.</summary>
    public static int RowsPerTile(int rows) => Math.Max(Rounds, (rows + MaxBlocks - 1) / MaxBlocks);

    /// <summary>Per worker: one row of the base and of an expert, float32 sums of all experts.</summary>
    public static long ScratchBytes(int columns, int experts) => (experts + 2L) * PaddedColumns(columns) * sizeof(float);

    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int padded = PaddedColumns(Columns);
        int sumCount = ExpertCount * padded;
        float* baseRow = Scratch.Of(worker);
        float* expertRow = baseRow + padded;
        float* partial = expertRow + padded;
        double* total = Sums + ((long)tile * sumCount);
        new Span<double>(total, sumCount).Clear();
        int rowsPerTile = RowsPerTile(Rows);
        int end = Math.Min(Rows, (tile + 1) * rowsPerTile);
        for (int first = tile * rowsPerTile; first < end; first += Rounds)
        {
            new Span<float>(partial, sumCount).Clear();
            for (int row = first; row < Math.Min(end, first + Rounds); row++)
            {
                long index = (long)row * Columns;
                float* @base = Base.Address == null ? null : RowOf<TIsa, TVector>(Base, index, baseRow);
                for (int k = 0; k < ExpertCount; k++)
                {
                    float* expert = RowOf<TIsa, TVector>(Experts[k], index, expertRow);
                    AddProducts<TIsa, TVector>(Gradient + index, @base, expert, partial + ((long)k * padded), Columns);
                }
            }

            for (int i = 0; i < sumCount; i += TIsa.Width)
            {
                TIsa.AddToDouble(TIsa.Load(partial + i), total + i);
            }
        }
    }

    /// <summary>A row of a stored tensor in float32: in place if it is that already.</summary>
    private float* RowOf<TIsa, TVector>(StoredOperand stored, long index, float* scratch)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        if (stored.DType == DType.F32)
        {
            return (float*)stored.Address + index;
        }

        StorageConversion.Widen<TIsa, TVector>(stored, index, scratch, Columns);
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
