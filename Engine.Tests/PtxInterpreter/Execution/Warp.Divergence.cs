using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.PtxInterpreter;


/// <summary>Where each thread stands, and how threads part and meet.</summary>
internal sealed partial class Warp
{
    // Each thread's next instruction while they differ, else the common one.
    private readonly int[] _counters = new int[Lanes];
    private int _commonCounter;
    private bool _converged;

    // Threads that wait at a warp-wide instruction for others.
    private uint _parked;

    // The threads to run next: those at the lowest counter among the ones not waiting for others.
    private (int Counter, uint Group) Select()
    {
        if (_converged)
        {
            return (_commonCounter, Live);
        }

        uint candidates = Live & ~_parked;
        if (candidates == 0)
        {
            throw Deadlock();
        }

        int lowest = int.MaxValue;
        foreach (int lane in new LaneSet(candidates))
        {
            lowest = Math.Min(lowest, _counters[lane]);
        }

        return (lowest, At(lowest, candidates));
    }

    private uint At(int counter, uint among)
    {
        uint group = 0;
        foreach (int lane in new LaneSet(among))
        {
            if (_counters[lane] == counter)
            {
                group |= 1u << lane;
            }
        }

        return group;
    }

    private void Advance(uint group, int counter) => Move(group, counter + 1);

    private void Move(uint group, int counter)
    {
        _parked &= ~group;
        if (group == Live)
        {
            _converged = true;
            _commonCounter = counter;
            return;
        }

        Diverge();
        SetCounters(group, counter);
        Converge();
    }

    private void SetCounters(uint group, int counter)
    {
        foreach (int lane in new LaneSet(group))
        {
            _counters[lane] = counter;
        }
    }

    private void Diverge()
    {
        if (_converged)
        {
            Array.Fill(_counters, _commonCounter);
            _converged = false;
        }
    }

    private void Converge()
    {
        if (Live == 0 || _parked != 0)
        {
            return;
        }

        int counter = _counters[LaneSet.First(Live)];
        if (At(counter, Live) == Live)
        {
            _converged = true;
            _commonCounter = counter;
        }
    }

    private void Branch(Instruction instruction, int counter, uint group, uint taken)
    {
        if (instruction.Uniform && taken != 0 && taken != group)
        {
            Block.Add(
                FindingKind.DivergentUniformBranch, this, LaneSet.First(taken), $"bra.uni taken by lanes {taken:x8} of {group:x8}");
        }

        if (taken == group)
        {
            Move(group, instruction.Target);
        }
        else if (taken == 0)
        {
            Advance(group, counter);
        }
        else
        {
            Diverge();
            SetCounters(taken, instruction.Target);
            SetCounters(group & ~taken, counter + 1);
            Converge();
        }
    }

    private void IndexedBranch(Instruction instruction, int counter, uint group, uint taken)
    {
        Diverge();
        SetCounters(group & ~taken, counter + 1);
        foreach (int lane in new LaneSet(taken))
        {
            ulong index = this[instruction.Selector, lane] & uint.MaxValue;
            if (index >= (ulong)instruction.Targets.Length)
            {
                throw new PtxExecutionException($"brx.idx index {index} has no target", Line);
            }

            _counters[lane] = instruction.Targets[index];
        }

        Converge();
    }

    private void Exit(int counter, uint group, uint leaving)
    {
        foreach (int lane in new LaneSet(leaving))
        {
            if (!AsyncCopies[lane].IsEmpty)
            {
                Block.Add(FindingKind.AsyncCopyUnfinished, this, lane, $"exits with asynchronous copies under way");
            }
        }

        // Whoever waited for those who leave waits no longer.
        Diverge();
        Live &= ~leaving;
        _parked = 0;
        SetCounters(group & ~leaving, counter + 1);
        Converge();
    }

    // Whether all lanes that must take part are here; if not, these lanes wait for them.
    private bool Gather(Instruction instruction, int counter, uint active, out uint present)
    {
        uint required = instruction.Required is null ? Live : instruction.Required(this, active) & Live;
        active &= required;
        present = _converged ? active : active | (At(counter, _parked & Live) & required);
        if ((present & required) == required)
        {
            return true;
        }

        Diverge();
        _parked |= active;
        return false;
    }

    private PtxExecutionException Deadlock()
    {
        IEnumerable<string> places = Enumerable.Range(0, Lanes)
            .Where(lane => (Live >> lane & 1) != 0)
            .GroupBy(lane => _code[_counters[lane]])
            .Select(group => $"lanes {string.Join(',', group)} wait at line {group.Key.Line} ({group.Key.Source.Mnemonic})");
        return new PtxExecutionException($"warp {Index} can never meet: {string.Join("; ", places)}", Line);
    }
}
