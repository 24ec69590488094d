using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.PtxInterpreter;


/// <summary>
/// Regions sorted by address, never changed: whoever looks something up while another thread adds a region sees the table before it.
/// </summary>
internal sealed class RegionTable
{
    private readonly MemoryRegion[] _regions;

    // The highest end among a region and those before it: where the search for a region that reaches far enough may stop.
    private readonly ulong[] _highestEnds;

    private RegionTable(MemoryRegion[] sorted)
    {
        _regions = sorted;
        _highestEnds = new ulong[_regions.Length];
        ulong highest = 0;
        for (int i = 0; i < _regions.Length; i++)
        {
            highest = Math.Max(highest, _regions[i].End);
            _highestEnds[i] = highest;
        }
    }

    /// <summary>The table without regions.</summary>
    public static RegionTable Empty { get; } = new([]);

    /// <summary>All regions.</summary>
    public IReadOnlyList<MemoryRegion> Regions => _regions;

    /// <summary>This table and one region more.</summary>
    public RegionTable With(MemoryRegion region)
    {
        int place = LastAtOrBelow(region.Address) + 1;
        return new RegionTable([.. _regions[..place], region, .. _regions[place..]]);
    }

    /// <summary>This table and one region less.</summary>
    public RegionTable Without(MemoryRegion region) => new([.. _regions.Where(other => !ReferenceEquals(other, region))]);

    /// <summary>A region that contains an access, or null.</summary>
    public MemoryRegion? Find(ulong address, int bytes)
    {
        ulong end = address + (ulong)bytes;
        for (int i = LastAtOrBelow(address); i >= 0 && _highestEnds[i] >= end; i--)
        {
            if (_regions[i].Contains(address, bytes))
            {
                return _regions[i];
            }
        }

        return null;
    }

    /// <summary>The region closest to an address; of several the one that begins last.</summary>
    public MemoryRegion? Nearest(ulong address) => Enumerable.Reverse(_regions).MinBy(region => region.Distance(address));

    private int LastAtOrBelow(ulong address)
    {
        int low = 0;
        int high = _regions.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_regions[middle].Address <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }
}
