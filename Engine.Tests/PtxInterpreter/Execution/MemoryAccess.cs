using System;

namespace Engine.PtxInterpreter;


/// <summary>What an instruction accesses: its space and the bytes of each lane, checked at every access.</summary>
/// <param name="Space">The space, or none for generic addresses.</param>
/// <param name="Bytes">The bytes of a lane.</param>
/// <param name="Instruction">The instruction's number among those that may access global memory.</param>
internal readonly record struct MemoryAccess(StateSpace Space, int Bytes, int Instruction)
{
    /// <summary>The bytes that a thread reads.</summary>
    public ReadOnlySpan<byte> Read(Warp warp, int lane, ulong address, bool atomic = false)
    {
        CheckAlignment(warp, address, Bytes);
        StateSpace space = Space == StateSpace.None ? GenericWindow.Resolve(ref address) : Space;
        return space switch
        {
            StateSpace.Shared => warp.Block.Shared.Read(warp, lane, address, Bytes, atomic),
            StateSpace.Local or StateSpace.Param => warp.Local(lane, address, Bytes),
            _ => Global(warp, address),
        };
    }

    /// <summary>Stores what a thread writes.</summary>
    public void Write(Warp warp, int lane, ulong address, ReadOnlySpan<byte> value, bool atomic = false)
    {
        CheckAlignment(warp, address, Bytes);
        StateSpace space = Space == StateSpace.None ? GenericWindow.Resolve(ref address) : Space;
        switch (space)
        {
            case StateSpace.Shared:
                warp.Block.Shared.Write(warp, lane, address, value, atomic);
                break;
            case StateSpace.Local or StateSpace.Param:
                value.CopyTo(warp.Local(lane, address, Bytes));
                break;
            default:
                value.CopyTo(Global(warp, address));
                break;
        }
    }

    /// <summary>Counts how well an access of a warp went.</summary>
    public void Count(Warp warp, ReadOnlySpan<ulong> addresses, uint lanes)
    {
        if (warp.Counters is not { } counters)
        {
            return;
        }

        if (Space == StateSpace.Shared)
        {
            counters.CountShared(addresses, lanes, Bytes);
        }
        else if (Space == StateSpace.Global)
        {
            counters.CountGlobal(addresses, lanes, Bytes);
        }
    }

    /// <summary>Stops at an address that is not a multiple of the access's size, or of 16 for wider ones.</summary>
    public static void CheckAlignment(Warp warp, ulong address, int bytes)
    {
        if ((address & (ulong)(Math.Min(bytes, SharedMemory.WidestAlignment) - 1)) != 0)
        {
            throw new PtxExecutionException($"access of {bytes} bytes at misaligned address 0x{address:x}", warp.Line);
        }
    }

    private Span<byte> Global(Warp warp, ulong address)
    {
        Block block = warp.Block;
        return block.Memory.Find(address, Bytes, warp.Line, ref block.RecentRegion(Instruction)).Slice(address, Bytes);
    }
}
