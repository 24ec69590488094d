using System;

namespace Engine.Kernels.Host;

/// <summary>
/// Multiplies packed panels. A tile is a block of C that one worker computes for all k: its block of A stays in the
/// second-level cache, its partial sums too, and its epilogue runs micro-tile by micro-tile after the last k.
/// </summary>
internal unsafe struct GemmTileJob<TIsa, TVector> : ITileJob
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
{
    private PanelSource _a;
    private PanelSource _b;
    private GemmEpilogue _epilogue;
    private BalancedPartition _rowGroups;
    private BalancedPartition _columnGroups;
    private BalancedPartition _depths;
    private float* _scratch;
    private bool _isPlain;
    private bool _packsColumns;

    /// <param name="a">Packed rows.</param>
    /// <param name="b">Columns, packed unless <paramref name="packsColumns"/>.</param>
    /// <param name="packsColumns">Each tile packs its own columns; for at most <see cref="GemmBlocking.FewRows"/> rows.</param>
    /// <param name="epilogue">Begins at the first of these rows and columns.</param>
    /// <param name="scratch"><see cref="ScratchFloats"/> floats for every worker.</param>
    /// <param name="workers">Workers that share the tiles.</param>
    public GemmTileJob(
        in PanelSource a, in PanelSource b, bool packsColumns, in GemmEpilogue epilogue, float* scratch, int workers)
    {
        _a = a;
        _b = b;
        _epilogue = epilogue;
        _isPlain = epilogue.IsPlain;
        _scratch = scratch;
        _packsColumns = packsColumns;
        _rowGroups = packsColumns
            ? new BalancedPartition(a.Layout.Count, 1)
            : BalancedPartition.OfAtMost(GemmBlocking.TileRows / MicroKernel<TIsa, TVector>.MostRows, a.Layout.Count);
        int mostColumns = packsColumns ? GemmBlocking.FewRowsTileColumns : GemmBlocking.TileColumns;
        int fewest = BalancedPartition.OfAtMost(mostColumns / MicroKernel<TIsa, TVector>.MostColumns, b.Layout.Count).Count;
        int wanted = (workers * GemmBlocking.TilesPerWorker) / _rowGroups.Count;
        _columnGroups = new BalancedPartition(b.Layout.Count, Math.Clamp(wanted, fewest, b.Layout.Count));
        _depths = BalancedPartition.OfAtMost(GemmBlocking.DepthBlock, a.Depth);
    }

    /// <summary>Floats of scratch memory per worker: the partial sums of one tile and the columns it packs.</summary>
    public static long ScratchFloats => SumsFloats + (GemmBlocking.FewRowsTileColumns * GemmBlocking.DepthBlock);

    /// <summary>Number of tiles.</summary>
    public readonly int Tiles => _rowGroups.Count * _columnGroups.Count;

    private static int MicroTileFloats => MicroKernel<TIsa, TVector>.MostRows * MicroKernel<TIsa, TVector>.MostColumns;

    /// <summary>Partial sums of the larger kind of tile, in whole micro-tiles.</summary>
    private static int SumsFloats => Math.Max(
        GemmBlocking.TileRows * GemmBlocking.TileColumns,
        (GemmBlocking.FewRows + MicroKernel<TIsa, TVector>.MostRows) * GemmBlocking.FewRowsTileColumns);

    public readonly void Execute(int tile, int worker)
    {
        int firstColumn = _columnGroups.Start(tile % _columnGroups.Count);
        int endColumn = firstColumn + _columnGroups.Size(tile % _columnGroups.Count);
        int firstRow = _rowGroups.Start(tile / _columnGroups.Count);
        int endRow = firstRow + _rowGroups.Size(tile / _columnGroups.Count);
        float* sums = _scratch + (worker * ScratchFloats);
        for (int depth = 0; depth < _depths.Count; depth++)
        {
            PanelSource b = _packsColumns ? PackColumns(firstColumn, endColumn, depth, sums + SumsFloats) : _b;
            float* target = sums;
            for (int column = firstColumn; column < endColumn; column++)
            {
                int skipped = _packsColumns ? 0 : _depths.Start(depth) * _b.Layout.PaddedWidth(column);
                float* columns = b.Packed + (column * b.PanelStride) + skipped;
                for (int row = firstRow; row < endRow; row++)
                {
                    MicroTile(row, column, depth, columns, target);
                    target += _depths.Count > 1 ? MicroTileFloats : 0;
                }
            }
        }
    }

    /// <summary>Packs one depth block of a tile's columns into the worker's scratch memory.</summary>
    private readonly PanelSource PackColumns(int first, int end, int depth, float* packed)
    {
        PanelSource block = _b;
        int start = _depths.Start(depth);
        block.Data = _b.Data.At(_b.RowsRunAlongDepth ? start : start * _b.Stride);
        block.PanelStride = MicroKernel<TIsa, TVector>.MostColumns * (nint)_depths.Size(depth);
        block.Packed = packed - (first * block.PanelStride);
        PanelPacking<TIsa, TVector>.Pack(block, first, end, 0, _depths.Size(depth));
        return block;
    }

    private readonly void MicroTile(int rowPanel, int columnPanel, int depth, float* b, float* sums)
    {
        int rows = _a.Layout.Width(rowPanel);
        int columns = _b.Layout.Width(columnPanel);
        int padded = _b.Layout.PaddedWidth(columnPanel);
        int row = _a.Layout.Start(rowPanel);
        int column = _b.Layout.Start(columnPanel);
        float* a = _a.Packed + (rowPanel * _a.PanelStride) + ((nint)_depths.Start(depth) * rows);
        if (_isPlain && columns == padded)
        {
            float* c = _epilogue.C + (row * _epilogue.CStride) + column;
            bool add = depth > 0 || _epilogue.Accumulate;
            MicroKernel<TIsa, TVector>.Multiply(rows, padded, a, b, padded, _depths.Size(depth), c, _epilogue.CStride, add);
            return;
        }

        MicroKernel<TIsa, TVector>.Multiply(rows, padded, a, b, padded, _depths.Size(depth), sums, padded, depth > 0);
        if (depth == _depths.Count - 1)
        {
            EpilogueKernel<TIsa, TVector>.Apply(_epilogue, row, column, sums, padded, rows, columns);
        }
    }
}
