using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>Column sums of one block of rows per tile. How the rows are cut into blocks depends on the shape alone.</summary>
internal unsafe struct SumRowsJob<TIsa, TVector> : ITileJob
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
{
    private const int MostBlocks = 16;
    private const int FewestRowsPerBlock = 32;

    private float* _x;
    private nint _stride;
    private int _columns;
    private BalancedPartition _blocks;
    private float* _partials;

    /// <param name="x">[rows, columns].</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="rows">Rows of x.</param>
    /// <param name="columns">Columns of x.</param>
    /// <param name="partials">Receives [Blocks(rows), columns].</param>
    public SumRowsJob(float* x, nint stride, int rows, int columns, float* partials)
    {
        _x = x;
        _stride = stride;
        _columns = columns;
        _blocks = new BalancedPartition(rows, Blocks(rows));
        _partials = partials;
    }

    /// <summary>Number of tiles for that many rows.</summary>
    public static int Blocks(int rows)
    {
        int blocks = rows / FewestRowsPerBlock;
        return blocks < 1 ? 1 : blocks > MostBlocks ? MostBlocks : blocks;
    }

    /// <summary>sums = (sums +) partials, block after block.</summary>
    public static void Reduce(float* partials, int blocks, int columns, float* sums, bool accumulate)
    {
        if (!accumulate)
        {
            new Span<float>(sums, columns).Clear();
        }

        for (int block = 0; block < blocks; block++)
        {
            AddRow(partials + ((nint)block * columns), columns, sums);
        }
    }

    public readonly void Execute(int tile, int worker)
    {
        float* sums = _partials + ((nint)tile * _columns);
        new Span<float>(sums, _columns).Clear();
        float* row = _x + (_blocks.Start(tile) * _stride);
        int rows = _blocks.Size(tile);
        for (; rows >= 4; rows -= 4)
        {
            Add4Rows(row, _stride, _columns, sums);
            row += 4 * _stride;
        }

        for (; rows > 0; rows--)
        {
            AddRow(row, _columns, sums);
            row += _stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add4Rows(float* row, nint stride, int columns, float* sums)
    {
        float* row1 = row + stride;
        float* row2 = row1 + stride;
        float* row3 = row2 + stride;
        int j = 0;
        for (; j + TIsa.Width <= columns; j += TIsa.Width)
        {
            TVector left = TIsa.Add(TIsa.Load(row + j), TIsa.Load(row1 + j));
            TVector right = TIsa.Add(TIsa.Load(row2 + j), TIsa.Load(row3 + j));
            TIsa.Store(TIsa.Add(TIsa.Load(sums + j), TIsa.Add(left, right)), sums + j);
        }

        for (; j < columns; j++)
        {
            sums[j] += (row[j] + row1[j]) + (row2[j] + row3[j]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow(float* row, int columns, float* sums)
    {
        int j = 0;
        for (; j + TIsa.Width <= columns; j += TIsa.Width)
        {
            TIsa.Store(TIsa.Add(TIsa.Load(sums + j), TIsa.Load(row + j)), sums + j);
        }

        for (; j < columns; j++)
        {
            sums[j] += row[j];
        }
    }
}
