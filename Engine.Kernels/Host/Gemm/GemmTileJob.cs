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
    private int _workers;

    /// <param name="a">Packed rows.</param>
    /// <param name="b">Columns, packed unless <paramref name="packsColumns"/>.</param>
    /// <param name="packsColumns">Each tile packs its own columns, see <see cref="GemmBlocking.TilesSpanRows"/>.</param>
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
        _workers = workers;
        _rowGroups = packsColumns
            ? new BalancedPartition(a.Layout.Count, 1)
            : BalancedPartition.OfAtMost(GemmBlocking.TileRows / MicroKernel<TIsa, TVector>.MostRows, a.Layout.Count);
        int mostPanels = packsColumns
            ? Math.Max(SumsFloats / (a.Layout.Count * MicroTileFloats), 1)
            : GemmBlocking.TileColumns / MicroKernel<TIsa, TVector>.MostColumns;
        int fewest = BalancedPartition.OfAtMost(mostPanels, b.Layout.Count).Count;
        int wanted = (workers * GemmBlocking.TilesPerWorker) / _rowGroups.Count;
        _columnGroups = new BalancedPartition(b.Layout.Count, Math.Clamp(wanted, fewest, b.Layout.Count));
        _depths = BalancedPartition.OfAtMost(GemmBlocking.DepthBlock, a.Depth);
    }

    /// <summary>Floats of scratch memory per worker: the partial sums of one tile and the panel of columns it packs.</summary>
    public static long ScratchFloats => SumsFloats + (MicroKernel<TIsa, TVector>.MostColumns * GemmBlocking.DepthBlock);

    /// <summary>Number of tiles.</summary>
    public readonly int Tiles => _rowGroups.Count * _columnGroups.Count;

    private static int MicroTileFloats => MicroKernel<TIsa, TVector>.MostRows * MicroKernel<TIsa, TVector>.MostColumns;

    /// <summary>Partial sums of one tile, in whole micro-tiles. A tile that spans all rows has as many columns as fit.</summary>
    private static int SumsFloats => GemmBlocking.TileRows * GemmBlocking.TileColumns;

    public readonly void Execute(int tile, int worker)
    {
        int firstColumn = FirstColumn(tile);
        int endColumn = firstColumn + _columnGroups.Size(tile % _columnGroups.Count);
        int firstRow = _rowGroups.Start(tile / _columnGroups.Count);
        int endRow = firstRow + _rowGroups.Size(tile / _columnGroups.Count);
        float* sums = _scratch + (worker * ScratchFloats);
        for (int depth = 0; depth < _depths.Count; depth++)
        {
            float* target = sums;
            for (int column = firstColumn; column < endColumn; column++)
            {
                float* columns = sums + SumsFloats;
                byte* next = (byte*)columns;
                if (_packsColumns)
                {
                    PackColumns(column, depth, columns);
                    next = column + 1 < endColumn ? Source(column + 1, depth)
                        : depth + 1 < _depths.Count ? Source(firstColumn, depth + 1)
                        : Source(FirstColumn((tile + _workers) % Tiles), 0);
                }
                else
                {
                    columns = _b.Packed + (column * _b.PanelStride) + (_depths.Start(depth) * _b.Layout.PaddedWidth(column));
                }

                for (int row = firstRow; row < endRow; row++)
                {
                    MicroTile(row, column, depth, columns, target, Prefetch(next, row));
                    target += _depths.Count > 1 ? MicroTileFloats : 0;
                }
            }
        }
    }

    private readonly int FirstColumn(int tile) => _columnGroups.Start(tile % _columnGroups.Count);

    /// <summary>Where a depth block of a panel's columns begins in B.</summary>
    private readonly byte* Source(int column, int depth)
    {
        int position = _b.Layout.Start(column);
        int k = _depths.Start(depth);
        return _b.Data.At(_b.RowsRunAlongDepth ? (position * _b.Stride) + k : (k * _b.Stride) + position).Address;
    }

    /// <summary>A row panel's share of the lines that the next panel of columns is packed from.</summary>
    private readonly PrefetchPattern Prefetch(byte* next, int row)
    {
        if (!_packsColumns)
        {
            return PrefetchPattern.Nothing(next);
        }

        nint rowBytes = _b.Stride * _b.Data.DType.SizeInBytes();
        return _b.RowsRunAlongDepth
            ? PrefetchPattern.AlongRows(next + (row * PrefetchPattern.Rows * rowBytes), rowBytes)
            : PrefetchPattern.DownRows(next + (row * PrefetchPattern.Line), rowBytes);
    }

    /// <summary>Packs one depth block of one panel of columns into the worker's scratch memory.</summary>
    private readonly void PackColumns(int column, int depth, float* packed)
    {
        PanelSource block = _b;
        int start = _depths.Start(depth);
        block.Data = _b.Data.At(_b.RowsRunAlongDepth ? start : start * _b.Stride);
        block.Packed = packed - (column * block.PanelStride);
        PanelPacking<TIsa, TVector>.Pack(block, column, column + 1, 0, _depths.Size(depth));
    }

    private readonly void MicroTile(int rowPanel, int columnPanel, int depth, float* b, float* sums, in PrefetchPattern next)
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
            MicroKernel<TIsa, TVector>.Multiply(rows, padded, a, b, padded, _depths.Size(depth), c, _epilogue.CStride, add, next);
            return;
        }

        MicroKernel<TIsa, TVector>.Multiply(rows, padded, a, b, padded, _depths.Size(depth), sums, padded, depth > 0, next);
        if (depth == _depths.Count - 1)
        {
            EpilogueKernel<TIsa, TVector>.Apply(_epilogue, row, column, sums, padded, rows, columns);
        }
    }
}
