using System;

namespace Engine.Kernels.Host;

/// <summary>Packs a block of A and a block of B. Tiles: groups of A's panels for all k, then groups of B's panels for a
/// range of k.</summary>
internal struct GemmPackJob<TIsa, TVector> : ITileJob
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
{
    // Panels between which stored rows are dealt out together, so that whole cache lines are used.
    private const int PanelsPerGroup = 8;
    private const int DepthPerTile = 256;

    private PanelSource _a;
    private PanelSource _b;
    private BalancedPartition _groupsOfA;
    private BalancedPartition _groupsOfB;
    private BalancedPartition _depths;
    private int _tilesOfA;

    /// <param name="a">Rows to pack.</param>
    /// <param name="b">Columns to pack.</param>
    /// <param name="packA">False if A is packed already.</param>
    /// <param name="packB">False if B is packed already.</param>
    public GemmPackJob(in PanelSource a, in PanelSource b, bool packA, bool packB)
    {
        _a = a;
        _b = b;
        _groupsOfA = BalancedPartition.OfAtMost(
            a.RowsRunAlongDepth ? 1 : Math.Clamp(a.Layout.Count / 2, 1, PanelsPerGroup), a.Layout.Count);
        _groupsOfB = BalancedPartition.OfAtMost(PanelsPerGroup, b.Layout.Count);
        _depths = BalancedPartition.OfAtMost(DepthPerTile, b.Depth);
        _tilesOfA = packA ? _groupsOfA.Count : 0;
        Tiles = _tilesOfA + (packB ? _groupsOfB.Count * _depths.Count : 0);
    }

    /// <summary>Number of tiles.</summary>
    public int Tiles { get; }

    public readonly void Execute(int tile, int worker)
    {
        if (tile < _tilesOfA)
        {
            int first = _groupsOfA.Start(tile);
            PanelPacking<TIsa, TVector>.Pack(_a, first, first + _groupsOfA.Size(tile), 0, _a.Depth);
        }
        else
        {
            int group = (tile - _tilesOfA) / _depths.Count;
            int depth = (tile - _tilesOfA) % _depths.Count;
            int first = _groupsOfB.Start(group);
            PanelPacking<TIsa, TVector>.Pack(
                _b, first, first + _groupsOfB.Size(group), _depths.Start(depth), _depths.Size(depth));
        }
    }
}
