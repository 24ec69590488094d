using System;

namespace Engine.Kernels.Host;

/// <summary>A few rows times a block of B's columns per tile. B is read once, as four streams per tile.</summary>
internal unsafe struct GemvJob<TIsa, TVector, TFormat> : ITileJob
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
    where TFormat : struct, IStorageFormat
{
    // Sums of four rows and the four rows of B being added to them stay in the first-level cache.
    private const int MostColumns = 1024;

    // A tile's part of a row is short: what is read soon lies in the rows below it.
    private const int RowsAhead = 2;

    private const int ColumnsPerUnit = 16;

    private GemmOperands _operands;
    private float* _scratch;
    private BalancedPartition _units;

    /// <param name="operands">A is not transposed.</param>
    /// <param name="scratch"><see cref="ScratchFloats"/> floats for every worker.</param>
    /// <param name="workers">Workers that share the tiles.</param>
    public GemvJob(in GemmOperands operands, float* scratch, int workers)
    {
        _operands = operands;
        _scratch = scratch;
        int units = (operands.N + ColumnsPerUnit - 1) / ColumnsPerUnit;
        int fewest = BalancedPartition.OfAtMost(MostColumns / ColumnsPerUnit, units).Count;
        _units = new BalancedPartition(units, Math.Clamp(2 * workers, fewest, Math.Max(fewest, units / 4)));
    }

    /// <summary>Floats of scratch memory per worker.</summary>
    public static long ScratchFloats => GemmBlocking.GemvRows * MostColumns;

    /// <summary>Number of tiles.</summary>
    public readonly int Tiles => _units.Count;

    public readonly void Execute(int tile, int worker)
    {
        int first = _units.Start(tile) * ColumnsPerUnit;
        int columns = Math.Min(_units.Size(tile) * ColumnsPerUnit, _operands.N - first);
        float* sums = _scratch + (worker * ScratchFloats);
        if (_operands.TransposeB)
        {
            DotRows(sums, first, columns);
        }
        else
        {
            AddRows(sums, first, columns);
        }

        EpilogueKernel<TIsa, TVector>.Apply(_operands.Epilogue, 0, first, sums, MostColumns, _operands.M, columns);
    }

    /// <summary>B is [N, K]: every sum is a dot product of two stored rows.</summary>
    private readonly void DotRows(float* sums, int first, int columns)
    {
        int quarter = columns / 4;
        nint stride = quarter * _operands.BRowBytes;

        // A second pair of rows finds B in the first level: memory stays busy meanwhile if the first pair has asked for the next row.
        nint ahead = _operands.M <= 2 ? GemvKernel<TIsa, TVector, TFormat>.StreamAhead : _operands.BRowBytes;
        for (int column = 0; column < quarter; column++)
        {
            byte* b = _operands.ElementOfB(first + column, 0);
            float* sum = sums + column;
            int i = 0;
            for (; i + 2 <= _operands.M; i += 2)
            {
                float* pair = sum + (i * MostColumns);
                GemvKernel<TIsa, TVector, TFormat>.DotPair4(
                    RowOfA(i), RowOfA(i + 1), b, stride, _operands.K, pair, pair + MostColumns, quarter, ahead);
            }

            if (i < _operands.M)
            {
                GemvKernel<TIsa, TVector, TFormat>.Dot4(RowOfA(i), b, stride, _operands.K, sum + (i * MostColumns), quarter, ahead);
            }
        }

        for (int column = 4 * quarter; column < columns; column++)
        {
            byte* b = _operands.ElementOfB(first + column, 0);
            for (int i = 0; i < _operands.M; i++)
            {
                sums[(i * MostColumns) + column] = GemvKernel<TIsa, TVector, TFormat>.Dot(RowOfA(i), b, _operands.K);
            }
        }
    }

    /// <summary>B is [K, N]: stored rows of B, scaled, are added to the sums.</summary>
    private readonly void AddRows(float* sums, int first, int columns)
    {
        for (int i = 0; i < _operands.M; i++)
        {
            new Span<float>(sums + (i * MostColumns), columns).Clear();
        }

        int quarter = _operands.K / 4;
        for (int k = 0; k < quarter; k++)
        {
            GemvKernel<TIsa, TVector, TFormat>.AddRows4(
                _operands, k, quarter, first, columns, sums, MostColumns, RowsAhead * _operands.BRowBytes);
        }

        for (int k = 4 * quarter; k < _operands.K; k++)
        {
            GemvKernel<TIsa, TVector, TFormat>.AddRow(_operands, k, first, columns, sums, MostColumns);
        }
    }

    private readonly float* RowOfA(int row) => _operands.A + (row * _operands.AStride);
}
