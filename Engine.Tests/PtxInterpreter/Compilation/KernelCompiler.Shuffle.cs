using System;

namespace Engine.PtxInterpreter;


/// <summary>Shuffles.</summary>
public sealed partial class KernelCompiler
{
    private WarpAction CompileShuffle(InstructionStatement statement, Instruction instruction)
    {
        if (!statement.Has("sync"))
        {
            throw new PtxException("shfl without .sync is not supported since sm_70");
        }

        Count(statement, 5);
        (PtxOperand first, PtxOperand? second) = Pair(statement.Operands[0]);
        int target = Destination(first, PtxType.B32);
        int inRange = second is null ? NewSlot() : Destination(second, PtxType.Pred);
        int source = Source(statement.Operands[1], PtxType.B32);
        int b = Source(statement.Operands[2], PtxType.B32);
        int c = Source(statement.Operands[3], PtxType.B32);
        RequireMask(statement.Operands[4], instruction);
        string mode = statement.Opcode[2];
        if (mode is not ("up" or "down" or "bfly" or "idx"))
        {
            throw new PtxException($"shfl has no mode .{mode}");
        }

        return (warp, lanes) =>
        {
            Span<ulong> values = stackalloc ulong[Warp.Lanes];
            warp.Slot(source).CopyTo(values);
            foreach (int lane in new LaneSet(lanes))
            {
                (int from, bool valid) = ShuffleSource(mode, lane, (int)warp[b, lane] & 31, (int)warp[c, lane]);
                if ((lanes >> from & 1) == 0)
                {
                    warp.Block.Add(FindingKind.InactiveShuffleSource, warp, lane, $"reads lane {from} that does not take part");
                }

                warp[target, lane] = values[from] & uint.MaxValue;
                warp[inRange, lane] = valid ? 1UL : 0;
            }
        };
    }

    // The source lane of a shuffle by the clamp (low bits) and segment mask (bits 8 to 12) of operand c.
    private static (int From, bool Valid) ShuffleSource(string mode, int lane, int b, int c)
    {
        int clamp = c & 31;
        int segment = c >> 8 & 31;
        int most = (lane & segment) | (clamp & ~segment);
        int least = lane & segment;
        (int from, bool valid) = mode switch
        {
            "up" => (lane - b, lane - b >= most),
            "down" => (lane + b, lane + b <= most),
            "bfly" => (lane ^ b, (lane ^ b) <= most),
            _ => (least | (b & ~segment), (least | (b & ~segment)) <= most),
        };
        return (valid ? from : lane, valid);
    }
}
