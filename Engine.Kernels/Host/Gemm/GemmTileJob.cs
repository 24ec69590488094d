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
    private long _scratchPerWorker;
    private bool _isPlain;

    /// <param name="a">Packed rows.</param>
    /// <param name="b">Packed columns.</param>
    /// <param name="epilogue">Begins at the first of these rows and columns.</param>
    /// <param name="scratch"><see cref="ScratchFloats"/> floats for every worker.</param>
    /// <param name="workers">Workers that share the tiles.</param>
    public GemmTileJob(in PanelSource a, in PanelSource b, in GemmEpilogue epilogue, float* scratch, int workers)
    {
        _a = a;
        _b = b;
        _epilogue = epilogue;
        _isPlain = epilogue.IsPlain;
        _scratch = scratch;
        _scratchPerWorker = ScratchFloats;
        _rowGroups = BalancedPartition.OfAtMost(PanelRowsPerTile, a.Layout.Count);
        int wanted = (workers * GemmBlocking.TilesPerWorker / _rowGroups.Count) + 1;
        int fewest = BalancedPartition.OfAtMost(PanelColumnsPerTile, b.Layout.Count).Count;
        _columnGroups = new BalancedPartition(b.Layout.Count, Math.Clamp(wanted, fewest, b.Layout.Count));
        _depths = BalancedPartition.OfAtMost(GemmBlocking.DepthBlock, a.Depth);
    }

    /// <summary>Floats of scratch memory per worker: the partial sums of one tile.</summary>
    public static long ScratchFloats => (long)PanelRowsPerTile * PanelColumnsPerTile * MicroTileFloats;

    /// <summary>Number of tiles.</summary>
    public readonly int Tiles => _rowGroups.Count * _columnGroups.Count;

    private static int PanelRowsPerTile => GemmBlocking.TileRows / MicroKernel<TIsa, TVector>.MostRows;

    private static int PanelColumnsPerTile => GemmBlocking.TileColumns / MicroKernel<TIsa, TVector>.MostColumns;

    private static int MicroTileFloats => MicroKernel<TIsa, TVector>.MostRows * MicroKernel<TIsa, TVector>.MostColumns;

    public readonly void Execute(int tile, int worker)
    {
        int rowGroup = tile / _columnGroups.Count;
        int columnGroup = tile % _columnGroups.Count;
        float* sums = _scratch + (worker * _scratchPerWorker);
        for (int depth = 0; depth < _depths.Count; depth++)
        {
            int firstColumn = _columnGroups.Start(columnGroup);
            float* target = sums;
            for (int column = firstColumn; column < firstColumn + _columnGroups.Size(columnGroup); column++)
            {
                int firstRow = _rowGroups.Start(rowGroup);
                for (int row = firstRow; row < firstRow + _rowGroups.Size(rowGroup); row++)
                {
                    MicroTile(row, column, depth, target);
                    target += _depths.Count > 1 ? MicroTileFloats : 0;
                }
            }
        }
    }

    private readonly void MicroTile(int rowPanel, int columnPanel, int depth, float* sums)
    {
        int rows = _a.Layout.Width(rowPanel);
        int columns = _b.Layout.Width(columnPanel);
        int padded = _b.Layout.PaddedWidth(columnPanel);
        int row = _a.Layout.Start(rowPanel);
        int column = _b.Layout.Start(columnPanel);
        int start = _depths.Start(depth);
        float* a = _a.Packed + (rowPanel * _a.PanelStride) + ((nint)start * rows);
        float* b = _b.Packed + (columnPanel * _b.PanelStride) + ((nint)start * padded);
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
            EpilogueKernel<TIsa, TVector>.Apply(_epilogue.At(row, column), sums, padded, rows, columns);
        }
    }
}
