using System;

namespace Engine.PtxInterpreter;


/// <summary>One launch: what all its blocks share.</summary>
internal sealed class Launch
{
    // Registers never written hold NaNs in every format and numbers that no index survives.
    private const ulong Poison = 0x7FF8DEAD_7FC0DEAD;

    private readonly ulong[] _registers;

    public Launch(
        CompiledKernel kernel, GlobalMemory memory, Dim3 grid, Dim3 blockSize, int dynamicShared, byte[] parameters, LaunchOptions options)
    {
        Kernel = kernel;
        Memory = memory;
        Grid = grid;
        BlockSize = blockSize;
        DynamicShared = dynamicShared;
        Parameters = parameters;
        Options = options;
        _registers = new ulong[kernel.SlotCount * Warp.Lanes];
        Array.Fill(_registers, Poison);
        foreach ((int slot, ulong value) in kernel.Constants)
        {
            _registers.AsSpan(slot * Warp.Lanes, Warp.Lanes).Fill(value);
        }
    }

    public CompiledKernel Kernel { get; }

    public GlobalMemory Memory { get; }

    public Dim3 Grid { get; }

    public Dim3 BlockSize { get; }

    /// <summary>Bytes of shared memory beyond the static ones.</summary>
    public int DynamicShared { get; }

    /// <summary>The parameter block.</summary>
    public byte[] Parameters { get; }

    public LaunchOptions Options { get; }

    /// <summary>Sets a new warp's registers: constants, special registers, and poison elsewhere.</summary>
    public void Prepare(Warp warp, Dim3 block)
    {
        _registers.CopyTo(warp.Registers, 0);
        foreach ((int slot, string name) in Kernel.Specials)
        {
            SpecialRegisters.Fill(name, this, block, warp.Index, warp.Slot(slot));
        }
    }
}
