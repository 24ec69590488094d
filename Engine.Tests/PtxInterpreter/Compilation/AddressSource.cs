using System;

namespace Engine.PtxInterpreter;


/// <summary>A resolved address: a slot that holds its base, and a constant offset.</summary>
internal readonly record struct AddressSource(int Slot, ulong Offset)
{
    /// <summary>A lane's address.</summary>
    public ulong Of(Warp warp, int lane) => warp[Slot, lane] + Offset;

    /// <summary>All lanes' addresses; a load may overwrite the register that holds them.</summary>
    public void CopyTo(Span<ulong> addresses, Warp warp)
    {
        ReadOnlySpan<ulong> bases = warp.Slot(Slot);
        for (int lane = 0; lane < bases.Length; lane++)
        {
            addresses[lane] = bases[lane] + Offset;
        }
    }
}
