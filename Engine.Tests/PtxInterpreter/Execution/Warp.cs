using System;

namespace Engine.PtxInterpreter;


/// <summary>
/// Runs the 32 threads of a warp. Threads may diverge; the group at the lowest instruction runs first, so threads meet again where their
/// paths join, and warp-wide instructions wait for all who must take part.
/// </summary>
internal sealed partial class Warp
{
    public const int Lanes = 32;
    public const uint AllLanes = uint.MaxValue;

    private readonly Instruction[] _code;
    private readonly byte[] _local;
    private readonly int _localBytes;
    private readonly uint _threads;
    private int _instruction;

    public Warp(Block block, int index, int threads)
    {
        Block = block;
        Index = index;
        _code = block.Kernel.Code;
        _localBytes = block.Kernel.LocalBytes;
        _local = new byte[_localBytes * Lanes];
        _threads = (uint)((1UL << threads) - 1);
        Registers = new ulong[block.Kernel.SlotCount * Lanes];
        AsyncCopies = new AsyncCopyQueue[Lanes];
        for (int lane = 0; lane < Lanes; lane++)
        {
            AsyncCopies[lane] = new AsyncCopyQueue();
        }
    }

    public Block Block { get; }

    public int Index { get; }

    /// <summary>The values of all registers, 32 lanes for each slot.</summary>
    public ulong[] Registers { get; }

    public AsyncCopyQueue[] AsyncCopies { get; }

    /// <summary>The threads that have not exited.</summary>
    public uint Live { get; private set; }

    /// <summary>Counts the warp-wide barriers passed.</summary>
    public int Epoch { get; set; }

    /// <summary>The source line of the instruction that runs now.</summary>
    public int Line { get; private set; }

    /// <summary>The counters of that instruction's memory accesses, or null if they are not wanted.</summary>
    public AccessCounters? Counters => Block.CountersOf(_instruction);

    public WarpState State { get; private set; }

    /// <summary>The number of the barrier at which the warp waits.</summary>
    public int Barrier { get; private set; }

    /// <summary>The threads that barrier expects, or 0 for the whole block.</summary>
    public int BarrierThreads { get; private set; }

    /// <summary>The votes this warp brought to its barrier.</summary>
    public int BarrierVotes { get; private set; }

    /// <summary>The votes and threads of the whole barrier that lets the warp go.</summary>
    public (int Votes, int Threads) BarrierResult { get; private set; }

    /// <summary>A lane's value of a register.</summary>
    public ulong this[int slot, int lane]
    {
        get => Registers[(slot * Lanes) + lane];
        set => Registers[(slot * Lanes) + lane] = value;
    }

    /// <summary>All lanes of a register.</summary>
    public Span<ulong> Slot(int slot) => Registers.AsSpan(slot * Lanes, Lanes);

    /// <summary>The lanes whose predicate is true, or false if it is negated.</summary>
    public uint Predicate(int slot, bool negated)
    {
        uint mask = 0;
        ReadOnlySpan<ulong> values = Slot(slot);
        for (int lane = 0; lane < values.Length; lane++)
        {
            mask |= (uint)(values[lane] & 1) << lane;
        }

        return negated ? ~mask : mask;
    }

    /// <summary>Bytes of a thread's local memory.</summary>
    public Span<byte> Local(int lane, ulong address, int bytes)
    {
        if (address > (ulong)_localBytes || address + (ulong)bytes > (ulong)_localBytes)
        {
            throw new PtxExecutionException($"local access of {bytes} bytes at {address} is outside its {_localBytes} bytes", Line);
        }

        return _local.AsSpan((lane * _localBytes) + (int)address, bytes);
    }

    /// <summary>Starts anew, with the threads of another block.</summary>
    public void Start()
    {
        Live = _threads;
        Epoch = 0;
        State = WarpState.Ready;
        _parked = 0;
        _converged = true;
        _commonCounter = 0;
        Array.Fill(_local, (byte)0xFF);
        foreach (AsyncCopyQueue copies in AsyncCopies)
        {
            copies.Clear();
        }
    }

    /// <summary>Runs until a block barrier, the end, or a number of instructions; says how many it ran.</summary>
    public long Run(long most)
    {
        long ran = 0;
        while (State == WarpState.Ready && ran < most)
        {
            Step();
            ran++;
        }

        return ran;
    }

    /// <summary>Lets the warp go on after its barrier, with the barrier's votes and threads.</summary>
    public void Release(int votes, int threads)
    {
        State = WarpState.Ready;
        BarrierResult = (votes, threads);
        _code[_commonCounter].Action!(this, Live);
        Advance(Live, _commonCounter);
    }

    private void Step()
    {
        if (Live == 0)
        {
            State = WarpState.Done;
            return;
        }

        (int counter, uint group) = Select();
        Instruction instruction = _code[counter];
        Line = instruction.Line;
        _instruction = counter;
        Block.Executed[counter]++;
        uint active = instruction.Guard < 0 ? group : group & Predicate(instruction.Guard, instruction.GuardNegated);
        switch (instruction.Kind)
        {
            case InstructionKind.Compute:
                if (active != 0)
                {
                    instruction.Action!(this, active);
                }

                Advance(group, counter);
                break;
            case InstructionKind.Branch:
                Branch(instruction, counter, group, active);
                break;
            case InstructionKind.IndexedBranch:
                IndexedBranch(instruction, counter, group, active);
                break;
            case InstructionKind.Exit:
                Exit(counter, group, active);
                break;
            default:
                Synchronize(instruction, counter, group, active);
                break;
        }
    }

    private void Synchronize(Instruction instruction, int counter, uint group, uint active)
    {
        // The threads whose guard is false do not take part.
        if (active != group)
        {
            Advance(group & ~active, counter);
        }

        if (active == 0 || !Gather(instruction, counter, active, out uint present))
        {
            return;
        }

        if (instruction.Kind == InstructionKind.Barrier)
        {
            Arrive(instruction, counter);
        }
        else
        {
            instruction.Action!(this, present);
            Advance(present, counter);
        }
    }

    private void Arrive(Instruction instruction, int counter)
    {
        int lane = LaneSet.First(Live);
        State = WarpState.AtBarrier;
        Barrier = (int)this[instruction.BarrierSlot, lane];
        BarrierThreads = instruction.BarrierCountSlot < 0 ? 0 : (int)this[instruction.BarrierCountSlot, lane];
        _converged = true;
        _parked = 0;
        _commonCounter = counter;
        BarrierVotes = instruction.BarrierVotes?.Invoke(this) ?? 0;
    }
}
