using System;
using System.Numerics;

namespace Engine.PtxInterpreter;


/// <summary>
/// Counts how well warps access memory: shared wavefronts against the fewest possible (the rest are bank conflicts), and the
/// 32-byte sectors that global accesses touch against the fewest that could hold as many bytes.
/// </summary>
public sealed class AccessCounters
{
    private const int Banks = 32;
    private const int BankBytes = 4;
    private const int SectorBytes = 32;
    private const int BytesPerWavefront = Banks * BankBytes;

    internal AccessCounters()
    {
    }

    /// <summary>Wavefronts of shared memory accesses.</summary>
    public long SharedWavefronts { get; private set; }

    /// <summary>Wavefronts they would take without bank conflicts.</summary>
    public long SharedIdealWavefronts { get; private set; }

    /// <summary>Sectors that global accesses touched.</summary>
    public long GlobalSectors { get; private set; }

    /// <summary>Sectors their bytes would fill side by side.</summary>
    public long GlobalIdealSectors { get; private set; }

    internal void Add(AccessCounters? other)
    {
        if (other is null)
        {
            return;
        }

        SharedWavefronts += other.SharedWavefronts;
        SharedIdealWavefronts += other.SharedIdealWavefronts;
        GlobalSectors += other.GlobalSectors;
        GlobalIdealSectors += other.GlobalIdealSectors;
    }

    /// <summary>Counts one warp access to shared memory where each lane touches the same number of bytes.</summary>
    internal void CountShared(ReadOnlySpan<ulong> addresses, uint lanes, int bytesPerLane)
    {
        int lanesPerPhase = Math.Min(Warp.Lanes, Math.Max(1, BytesPerWavefront / Math.Max(BankBytes, bytesPerLane)));
        for (int first = 0; first < Warp.Lanes; first += lanesPerPhase)
        {
            uint phase = lanes & (uint)(((1UL << lanesPerPhase) - 1) << first);
            if (phase == 0)
            {
                continue;
            }

            SharedIdealWavefronts++;
            SharedWavefronts += Wavefronts(addresses, phase, bytesPerLane);
        }
    }

    // The wavefronts of a phase: the most distinct words that one bank has to serve.
    private static int Wavefronts(ReadOnlySpan<ulong> addresses, uint phase, int bytesPerLane)
    {
        Span<ulong> words = stackalloc ulong[Banks * Banks];
        Span<int> counts = stackalloc int[Banks];
        counts.Clear();
        int most = 1;
        foreach (int lane in new LaneSet(phase))
        {
            ulong end = addresses[lane] + (ulong)bytesPerLane;
            for (ulong word = addresses[lane] / BankBytes; word * BankBytes < end; word++)
            {
                int bank = (int)(word % Banks);
                Span<ulong> known = words.Slice(bank * Banks, counts[bank]);
                if (!known.Contains(word))
                {
                    words[(bank * Banks) + counts[bank]++] = word;
                    most = Math.Max(most, counts[bank]);
                }
            }
        }

        return most;
    }

    /// <summary>Counts one warp access to global memory.</summary>
    internal void CountGlobal(ReadOnlySpan<ulong> addresses, uint lanes, int bytesPerLane)
    {
        Span<ulong> sectors = stackalloc ulong[Warp.Lanes * 2];
        int count = 0;
        foreach (int lane in new LaneSet(lanes))
        {
            ulong end = addresses[lane] + (ulong)bytesPerLane;
            for (ulong sector = addresses[lane] / SectorBytes; sector * SectorBytes < end; sector++)
            {
                // Neighbours mostly share a sector: the last one is the likeliest.
                if ((count == 0 || sectors[count - 1] != sector) && !sectors[..count].Contains(sector))
                {
                    sectors[count++] = sector;
                }
            }
        }

        GlobalSectors += count;
        GlobalIdealSectors += ((BitOperations.PopCount(lanes) * bytesPerLane) + SectorBytes - 1) / SectorBytes;
    }
}
