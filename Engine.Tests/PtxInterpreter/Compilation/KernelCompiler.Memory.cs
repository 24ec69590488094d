using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Engine.PtxInterpreter;


/// <summary>Loads and stores.</summary>
public sealed partial class KernelCompiler
{
    private WarpAction? CompileMemory(InstructionStatement statement)
    {
        switch (statement.Opcode[0])
        {
            case "ld" or "ldu":
                return CompileLoad(statement);
            case "st":
                return CompileStore(statement);
            case "atom":
                return CompileAtomic(statement, returns: true);
            case "red" when !statement.Has("async"):
                return CompileAtomic(statement, returns: false);
            case "cp" when statement.Has("async"):
                return CompileAsyncCopy(statement);
            case "membar" or "fence":
            case "prefetch" or "prefetchu" or "discard" or "applypriority":
                return (_, _) => { };
            default:
                return null;
        }
    }

    private (AddressSource Source, VariableSymbol? Variable) AddressOf(PtxOperand operand)
    {
        if (operand is not AddressOperand address)
        {
            throw new PtxException($"{operand} is not an address");
        }

        ulong offset = (ulong)address.Offset;
        switch (address.Base)
        {
            case NameOperand name when Find(name.Name) is RegisterSymbol register:
                if (register.Type.Bytes() < sizeof(uint) || register.Type.IsFloat())
                {
                    throw new PtxException($"{name.Name} cannot hold an address");
                }

                return (new AddressSource(register.Slot, offset), null);
            case NameOperand name when Find(name.Name) is VariableSymbol variable:
                return (new AddressSource(AddressOf(variable), offset), variable);
            case NameOperand name:
                throw new PtxException($"{name.Name} is not declared");
            default:
                return (new AddressSource(Constant(ConstantBits(address.Base, PtxType.U64)), offset), null);
        }
    }

    // The access of an instruction, after a check that a variable it names lies in its space.
    private MemoryAccess AccessOf(InstructionStatement statement, VariableSymbol? variable, int bytes)
    {
        StateSpace space = SpaceOf(statement);
        if (variable is not null && space != StateSpace.None && variable.Space != space)
        {
            throw new PtxException($"{statement.Mnemonic} addresses a variable in .{variable.Space}".ToLowerInvariant());
        }

        return NewAccess(space, bytes);
    }

    private MemoryAccess NewAccess(StateSpace space, int bytes)
    {
        if (space is StateSpace.Shared or StateSpace.None)
        {
            _kernel.SharedGranule = Math.Min(_kernel.SharedGranule, bytes);
        }

        return new MemoryAccess(space, bytes, _kernel.MemoryInstructions++);
    }

    private WarpAction CompileLoad(InstructionStatement statement)
    {
        Count(statement, 2);
        PtxType type = LastType(statement);
        int count = VectorCount(statement);
        int[] targets = Destinations(statement.Operands[0], type, count, widerAllowed: true);
        ulong mask = PtxTypes.MaskOfBytes(RegisterBytes(Elements(statement.Operands[0], count)[0]));
        (AddressSource source, VariableSymbol? variable) = AddressOf(statement.Operands[1]);
        MemoryAccess access = AccessOf(statement, variable, type.Bytes() * count);
        if (variable is { IsKernelParameter: true })
        {
            return LoadParameter(type, source, targets, mask);
        }

        return type switch
        {
            PtxType.S8 => Load<sbyte>(access, source, targets, mask),
            PtxType.S16 => Load<short>(access, source, targets, mask),
            PtxType.S32 => Load<int>(access, source, targets, mask),
            _ => type.Bytes() switch
            {
                1 => Load<byte>(access, source, targets, mask),
                2 => Load<ushort>(access, source, targets, mask),
                4 => Load<uint>(access, source, targets, mask),
                8 => Load<ulong>(access, source, targets, mask),
                _ => throw new PtxException($"{statement.Mnemonic} is not supported"),
            },
        };
    }

    // Loads elements that are sign or zero extended by their type.
    private static WarpAction Load<T>(MemoryAccess access, AddressSource source, int[] targets, ulong mask)
        where T : unmanaged, IBinaryInteger<T> => (warp, lanes) =>
    {
        Span<ulong> addresses = stackalloc ulong[Warp.Lanes];
        source.CopyTo(addresses, warp);
        foreach (int lane in new LaneSet(lanes))
        {
            ReadOnlySpan<T> elements = MemoryMarshal.Cast<byte, T>(access.Read(warp, lane, addresses[lane]));
            for (int i = 0; i < targets.Length; i++)
            {
                warp[targets[i], lane] = ulong.CreateTruncating(elements[i]) & mask;
            }
        }

        access.Count(warp, addresses, lanes);
    };

    private static WarpAction LoadParameter(PtxType type, AddressSource source, int[] targets, ulong mask)
    {
        int size = type.Bytes();
        return (warp, lanes) =>
        {
            foreach (int lane in new LaneSet(lanes))
            {
                ReadOnlySpan<byte> bytes = Parameter(warp, source.Of(warp, lane), size * targets.Length);
                for (int i = 0; i < targets.Length; i++)
                {
                    warp[targets[i], lane] = type.Extend(RawBytes.Load(bytes.Slice(i * size, size))) & mask;
                }
            }
        };
    }

    private static ReadOnlySpan<byte> Parameter(Warp warp, ulong offset, int bytes)
    {
        byte[] parameters = warp.Block.Parameters;
        if (offset > (ulong)parameters.Length || offset + (ulong)bytes > (ulong)parameters.Length)
        {
            throw new PtxExecutionException($"reads {bytes} bytes at {offset} of the {parameters.Length} bytes of parameters", warp.Line);
        }

        return parameters.AsSpan((int)offset, bytes);
    }

    private WarpAction CompileStore(InstructionStatement statement)
    {
        Count(statement, 2);
        PtxType type = LastType(statement);
        int count = VectorCount(statement);
        (AddressSource target, VariableSymbol? variable) = AddressOf(statement.Operands[0]);
        if (variable is { IsKernelParameter: true })
        {
            throw new PtxException("a kernel parameter cannot be written");
        }

        MemoryAccess access = AccessOf(statement, variable, type.Bytes() * count);
        int[] sources = Sources(statement.Operands[1], type, count, widerAllowed: true);
        return type.Bytes() switch
        {
            1 => Store<byte>(access, target, sources),
            2 => Store<ushort>(access, target, sources),
            4 => Store<uint>(access, target, sources),
            8 => Store<ulong>(access, target, sources),
            _ => throw new PtxException($"{statement.Mnemonic} is not supported"),
        };
    }

    private static WarpAction Store<T>(MemoryAccess access, AddressSource target, int[] sources)
        where T : unmanaged, IBinaryInteger<T> => (warp, lanes) =>
    {
        Span<ulong> addresses = stackalloc ulong[Warp.Lanes];
        Span<T> value = stackalloc T[sources.Length];
        target.CopyTo(addresses, warp);
        foreach (int lane in new LaneSet(lanes))
        {
            for (int i = 0; i < sources.Length; i++)
            {
                value[i] = T.CreateTruncating(warp[sources[i], lane]);
            }

            access.Write(warp, lane, addresses[lane], MemoryMarshal.AsBytes(value));
        }

        access.Count(warp, addresses, lanes);
    };
}
