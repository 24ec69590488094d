using System;
using System.Linq;

namespace Engine.PtxInterpreter;


/// <summary>Atomics and asynchronous copies.</summary>
public sealed partial class KernelCompiler
{
    private WarpAction CompileAtomic(InstructionStatement statement, bool returns)
    {
        PtxType type = LastType(statement);
        int count = VectorCount(statement);
        int size = type.Bytes();
        int first = returns ? 1 : 0;
        string op = statement.Opcode.Skip(1).FirstOrDefault(
            word => word is "add" or "min" or "max" or "and" or "or" or "xor" or "exch" or "cas" or "inc" or "dec")
            ?? throw new PtxException($"{statement.Mnemonic} has no operation");
        Count(statement, first + (op == "cas" ? 3 : 2));
        int[] targets = returns ? Destinations(statement.Operands[0], type, count) : [];
        (AddressSource source, VariableSymbol? variable) = AddressOf(statement.Operands[first]);
        MemoryAccess access = AccessOf(statement, variable, size);
        int[] values = Sources(statement.Operands[first + 1], type, count);
        int[] swaps = op == "cas" ? Sources(statement.Operands[first + 2], type, count) : values;
        Func<ulong, ulong, ulong, ulong> apply = AtomicFunction(op, type, statement);
        _kernel.HasGlobalAtomics |= access.Space != StateSpace.Shared;
        return (warp, lanes) =>
        {
            Span<byte> bytes = stackalloc byte[size];
            foreach (int lane in new LaneSet(lanes))
            {
                for (int i = 0; i < count; i++)
                {
                    ulong address = source.Of(warp, lane) + (ulong)(i * size);
                    ulong old = RawBytes.Load(access.Read(warp, lane, address, atomic: true));
                    RawBytes.Store(bytes, apply(old, warp[values[i], lane], warp[swaps[i], lane]));
                    access.Write(warp, lane, address, bytes, atomic: true);
                    if (returns)
                    {
                        warp[targets[i], lane] = old;
                    }
                }
            }
        };
    }

    private static Func<ulong, ulong, ulong, ulong> AtomicFunction(string op, PtxType type, InstructionStatement statement)
    {
        ulong mask = type.Mask();
        switch (op)
        {
            case "exch":
                return (_, b, _) => b;
            case "cas":
                return (a, b, c) => (a & mask) == (b & mask) ? c : a;
            case "inc":
                return (a, b, _) => (uint)a >= (uint)b ? 0 : (uint)a + 1;
            case "dec":
                return (a, b, _) => (uint)a == 0 || (uint)a > (uint)b ? (uint)b : (uint)a - 1;
            default:
                Func<ulong, ulong, ulong> binary = ScalarFunctions.Binary(op, type, statement)
                    ?? throw new PtxException($"{statement.Mnemonic} is not supported");
                return (a, b, _) => binary(a, b);
        }
    }

    private WarpAction CompileAsyncCopy(InstructionStatement statement)
    {
        if (statement.Has("commit_group"))
        {
            return ForCopies((copies, _, _) => copies.Commit());
        }

        if (statement.Has("wait_all"))
        {
            return ForCopies((copies, warp, lane) => copies.WaitAll(warp, lane));
        }

        if (statement.Has("wait_group"))
        {
            Count(statement, 1);
            int remain = Immediate(statement.Operands[0]);
            return ForCopies((copies, warp, lane) => copies.Wait(warp, lane, remain));
        }

        Count(statement, 3, 4);
        string[] opcode = statement.Opcode;
        if (opcode.Length < 5 || opcode[2] is not ("ca" or "cg") || opcode[3].Split("::")[0] != "shared" || opcode[4] != "global")
        {
            throw new PtxException($"{statement.Mnemonic} is not a form of cp.async");
        }

        int bytes = Immediate(statement.Operands[2]);
        if (opcode[2] == "cg" ? bytes != 16 : bytes is not (4 or 8 or 16))
        {
            throw new PtxException($"{statement.Mnemonic} cannot copy {bytes} bytes");
        }

        (AddressSource target, _) = AddressOf(statement.Operands[0]);
        (AddressSource source, _) = AddressOf(statement.Operands[1]);
        int sourceBytes = statement.Operands.Count > 3 ? Source(statement.Operands[3], PtxType.U32) : Constant((ulong)bytes);
        return CopyAsync(NewAccess(StateSpace.Shared, bytes), target, NewAccess(StateSpace.Global, bytes), source, sourceBytes);
    }

    private static WarpAction ForCopies(Action<AsyncCopyQueue, Warp, int> action) => (warp, lanes) =>
    {
        foreach (int lane in new LaneSet(lanes))
        {
            action(warp.AsyncCopies[lane], warp, lane);
        }
    };

    private static WarpAction CopyAsync(
        MemoryAccess write, AddressSource target, MemoryAccess read, AddressSource source, int sourceBytes) => (warp, lanes) =>
    {
        Span<ulong> targets = stackalloc ulong[Warp.Lanes];
        Span<ulong> sources = stackalloc ulong[Warp.Lanes];
        target.CopyTo(targets, warp);
        source.CopyTo(sources, warp);
        uint readers = 0;
        foreach (int lane in new LaneSet(lanes))
        {
            MemoryAccess.CheckAlignment(warp, targets[lane], write.Bytes);
            MemoryAccess.CheckAlignment(warp, sources[lane], read.Bytes);
            int copied = (int)Math.Min(warp[sourceBytes, lane] & uint.MaxValue, (ulong)read.Bytes);
            warp.AsyncCopies[lane].Add(warp, lane, targets[lane], sources[lane], read.Bytes, copied);
            readers |= copied > 0 ? 1u << lane : 0;
        }

        read.Count(warp, sources, readers);
        write.Count(warp, targets, lanes);
    };
}
