using System;
using System.Numerics;

namespace Engine.PtxInterpreter;


/// <summary>Instructions that the threads of a warp or block run together.</summary>
public sealed partial class KernelCompiler
{
    private WarpAction? CompileWarp(InstructionStatement statement, Instruction instruction)
    {
        switch (statement.Opcode[0])
        {
            case "bar" when statement.Has("warp"):
                Count(statement, 1);
                RequireMask(statement.Operands[0], instruction);
                return (warp, _) => warp.Epoch++;
            case "bar" or "barrier":
                return CompileBarrier(statement, instruction);
            case "shfl":
                return CompileShuffle(statement, instruction);
            case "vote":
                return CompileVote(statement, instruction);
            case "redux":
                return CompileReduce(statement, instruction);
            case "activemask":
                Count(statement, 1);
                int mask = Destination(statement.Operands[0], PtxType.B32);
                return (warp, lanes) => SetLanes(warp, lanes, mask, lanes);
            case "mma":
                return CompileMatrixMultiply(statement, instruction);
            case "ldmatrix":
                return CompileMatrixAccess(statement, instruction, loads: true);
            case "stmatrix":
                return CompileMatrixAccess(statement, instruction, loads: false);
            default:
                return null;
        }
    }

    private static void SetLanes(Warp warp, uint lanes, int slot, ulong value)
    {
        foreach (int lane in new LaneSet(lanes))
        {
            warp[slot, lane] = value;
        }
    }

    private WarpAction CompileBarrier(InstructionStatement statement, Instruction instruction)
    {
        bool reduces = statement.Has("red");
        if (!statement.Has("sync") && !reduces)
        {
            throw new PtxException($"{statement.Mnemonic} is not supported");
        }

        // d of a reduction comes first and its predicate last; the thread count may be missing.
        int first = reduces ? 1 : 0;
        Count(statement, reduces ? 3 : 1, reduces ? 4 : 2);
        instruction.Kind = InstructionKind.Barrier;
        instruction.BarrierSlot = Source(statement.Operands[first], PtxType.U32);
        if (statement.Operands.Count == first + 2 + first)
        {
            instruction.BarrierCountSlot = Source(statement.Operands[first + 1], PtxType.U32);
        }

        if (!reduces)
        {
            return (_, _) => { };
        }

        bool counts = statement.Has("popc");
        bool all = statement.Has("and");
        int target = Destination(statement.Operands[0], counts ? PtxType.U32 : PtxType.Pred);
        (int source, bool negated) = Condition(statement.Operands[^1]);
        instruction.BarrierVotes = warp => BitOperations.PopCount(warp.Predicate(source, negated) & warp.Live);
        return (warp, lanes) =>
        {
            (int votes, int threads) = warp.BarrierResult;
            bool holds = all ? votes == threads : votes > 0;
            SetLanes(warp, lanes, target, counts ? (ulong)votes : holds ? 1UL : 0);
        };
    }

    // The instruction waits for all threads that the member mask of its first thread names; threads of another mask run it after them.
    private void RequireMask(PtxOperand operand, Instruction instruction)
    {
        int slot = Source(operand, PtxType.B32);
        instruction.Kind = InstructionKind.WarpSync;
        instruction.Required = (warp, active) =>
        {
            int lane = LaneSet.First(active);
            uint mask = (uint)warp[slot, lane];
            return (mask >> lane & 1) != 0
                ? mask
                : throw new PtxExecutionException($"lane {lane} is not in its own member mask {mask:x8}", warp.Line);
        };
    }

    private WarpAction CompileVote(InstructionStatement statement, Instruction instruction)
    {
        if (!statement.Has("sync"))
        {
            throw new PtxException("vote without .sync is not supported since sm_70");
        }

        Count(statement, 3);
        string mode = statement.Opcode[2];
        int target = Destination(statement.Operands[0], mode == "ballot" ? PtxType.B32 : PtxType.Pred);
        (int source, bool negated) = Condition(statement.Operands[1]);
        RequireMask(statement.Operands[2], instruction);
        return (warp, lanes) =>
        {
            uint votes = warp.Predicate(source, negated) & lanes;
            ulong result = mode switch
            {
                "ballot" => votes,
                "all" => votes == lanes ? 1UL : 0,
                "any" => votes != 0 ? 1UL : 0,
                _ => votes == 0 || votes == lanes ? 1UL : 0,
            };
            SetLanes(warp, lanes, target, result);
        };
    }

    private WarpAction CompileReduce(InstructionStatement statement, Instruction instruction)
    {
        Count(statement, 3);
        PtxType type = LastType(statement);
        int target = Destination(statement.Operands[0], type);
        int source = Source(statement.Operands[1], type);
        RequireMask(statement.Operands[2], instruction);
        Func<ulong, ulong, ulong> binary = ScalarFunctions.Binary(statement.Opcode[2], type, statement)
            ?? throw new PtxException($"{statement.Mnemonic} is not supported");
        return (warp, lanes) =>
        {
            ulong result = warp[source, LaneSet.First(lanes)];
            foreach (int lane in new LaneSet(lanes & (lanes - 1)))
            {
                result = binary(result, warp[source, lane]);
            }

            SetLanes(warp, lanes, target, result);
        };
    }
}
