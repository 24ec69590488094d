using System;

namespace Engine.Kernels.Host;

/// <summary>Two tensors of equal rows and columns, seen as runs of elements that lie one after the other in both: rows,
/// or blocks of <see cref="ElementBlocks.Elements"/> if neither has gaps.</summary>
internal readonly struct TensorRuns
{
    /// <summary>Cuts two tensors; give the same one twice to cut one.</summary>
    public TensorRuns(in TensorRef source, in TensorRef destination)
    {
        Elements = destination.ElementCount;
        if (source.IsContiguous && destination.IsContiguous)
        {
            Length = ElementBlocks.Elements;
            SourceStride = ElementBlocks.Elements;
            DestinationStride = ElementBlocks.Elements;
            RunsPerTile = 1;
        }
        else
        {
            Length = destination.Columns;
            SourceStride = source.RowStride;
            DestinationStride = destination.RowStride;
            RunsPerTile = ElementBlocks.RowsPerTile(destination.Columns);
        }
    }

    /// <summary>Elements of either tensor.</summary>
    public long Elements { get; }

    /// <summary>Elements of a run; the last run may be shorter.</summary>
    public int Length { get; }

    /// <summary>Elements between the beginnings of two runs of the source.</summary>
    public int SourceStride { get; }

    /// <summary>Elements between the beginnings of two runs of the destination.</summary>
    public int DestinationStride { get; }

    /// <summary>Runs of one tile.</summary>
    public int RunsPerTile { get; }

    /// <summary>Number of runs.</summary>
    public int Count => Length == 0 ? 0 : checked((int)((Elements + Length - 1) / Length));

    /// <summary>Number of tiles.</summary>
    public int Tiles => ElementBlocks.Count(Count, RunsPerTile);

    /// <summary>Elements of one run.</summary>
    public int LengthOf(int run) => (int)Math.Min(Length, Elements - ((long)run * Length));

    /// <summary>The runs of a tile, the last one exclusive.</summary>
    public (int First, int End) OfTile(int tile) => (tile * RunsPerTile, Math.Min(Count, (tile + 1) * RunsPerTile));
}
