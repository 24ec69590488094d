using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// sums[block, i, c] = sum over a block of rows of gradient[r, c] (expert_i[r, c] - base[r, c]): the n-way dot where a channel is a column
/// ([in, out] matrices). 3nP flops, (n + 2) 4P bytes. A tile is a block of whole rows, so that every tensor is read as one stream;
/// pieces of rows would begin a stream each. Four rows go into a sum at a time: a store per row would make the loads of other
/// tensors, a multiple of a page away, wait for it. A sum takes <see cref="Rounds"/> rows in float32, then goes on in float64.
/// <see cref="MultiDotColumnResults"/> adds the blocks in order.
/// </summary>
internal readonly unsafe struct MultiDotColumns : ISimdJob
{
    /// <summary>Rows that are summed in float32.</summary>
    private const int Rounds = 32;

    // Rows that are added to a sum at a time.
    private const int Group = 4;

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

    /// <summary>Per worker: a group of rows of the base and of an expert, float32 sums of all experts.</summary>
    public static long ScratchBytes(int columns, int experts) => (experts + (2L * Group)) * PaddedColumns(columns) * sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int padded = PaddedColumns(Columns);
        int sumCount = ExpertCount * padded;
        float* baseRows = Scratch.Of(worker);
        float* expertRows = baseRows + (Group * padded);
        float* partial = expertRows + (Group * padded);
        double* total = Sums + ((long)tile * sumCount);
        new Span<double>(total, sumCount).Clear();
        int rowsPerTile = RowsPerTile(Rows);
        int end = Math.Min(Rows, (tile + 1) * rowsPerTile);
        for (int first = tile * rowsPerTile; first < end; first += Rounds)
        {
            new Span<float>(partial, sumCount).Clear();
            int last = Math.Min(end, first + Rounds);
            for (int row = first; row < last; row += Group)
            {
                int rows = Math.Min(Group, last - row);
                long index = (long)row * Columns;
                float* @base = Base.Address == null ? null : RowsOf<TIsa, TVector>(Base, index, rows, baseRows);
                for (int k = 0; k < ExpertCount; k++)
                {
                    float* expert = RowsOf<TIsa, TVector>(Experts[k], index, rows, expertRows);
                    float* sums = partial + ((long)k * padded);
                    if (rows == Group)
                    {
                        AddFourRows<TIsa, TVector>(Gradient + index, @base, expert, sums);
                    }
                    else
                    {
                        AddRows<TIsa, TVector>(Gradient + index, @base, expert, sums, rows);
                    }
                }
            }

            for (int i = 0; i < sumCount; i += TIsa.Width)
            {
                TIsa.AddToDouble(TIsa.Load(partial + i), total + i);
            }
        }
    }

    /// <summary>Rows of a stored tensor in float32: in place if they are that already.</summary>
    private float* RowsOf<TIsa, TVector>(StoredOperand stored, long index, int rows, float* scratch)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        if (stored.DType == DType.F32)
        {
            return (float*)stored.Address + index;
        }

        StorageConversion.Widen<TIsa, TVector>(stored, index, scratch, rows * Columns);
        return scratch;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddFourRows<TIsa, TVector>(float* gradient, float* @base, float* expert, float* sums)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int columns = Columns;
        for (int i = 0; i < columns; i += TIsa.Width)
        {
            int left = columns - i;
            TVector s0 = Product<TIsa, TVector>(gradient, @base, expert, i, left);
            TVector s1 = Product<TIsa, TVector>(gradient, @base, expert, columns + i, left);
            TVector s2 = Product<TIsa, TVector>(gradient, @base, expert, (2L * columns) + i, left);
            TVector s3 = Product<TIsa, TVector>(gradient, @base, expert, (3L * columns) + i, left);
            TIsa.Store(TIsa.Add(TIsa.Load(sums + i), TIsa.Add(TIsa.Add(s0, s1), TIsa.Add(s2, s3))), sums + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRows<TIsa, TVector>(float* gradient, float* @base, float* expert, float* sums, int rows)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < Columns; i += TIsa.Width)
            {
                TVector product = Product<TIsa, TVector>(gradient, @base, expert, ((long)row * Columns) + i, Columns - i);
                TIsa.Store(TIsa.Add(TIsa.Load(sums + i), product), sums + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Product<TIsa, TVector>(float* gradient, float* @base, float* expert, long i, int left)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        TVector difference = Lanes<TIsa, TVector>.Load(expert + i, left);
        if (@base != null)
        {
            difference = TIsa.Subtract(difference, Lanes<TIsa, TVector>.Load(@base + i, left));
        }

        return TIsa.Multiply(Lanes<TIsa, TVector>.Load(gradient + i, left), difference);
    }
}
