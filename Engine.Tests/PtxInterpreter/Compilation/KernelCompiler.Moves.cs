using System;
using System.Linq;

namespace Engine.PtxInterpreter;


/// <summary>Moves and conversions.</summary>
public sealed partial class KernelCompiler
{
    private WarpAction CompileMove(InstructionStatement statement)
    {
        Count(statement, 2);
        PtxType type = LastType(statement);
        if (statement.Operands[1] is VectorOperand { Elements.Count: > 1 } parts)
        {
            return CompilePack(Destination(statement.Operands[0], type), parts, type);
        }

        if (statement.Operands[0] is VectorOperand { Elements.Count: > 1 } targets)
        {
            return CompileUnpack(targets, Source(statement.Operands[1], type), type);
        }

        return VectorFunctions.Move(Destination(statement.Operands[0], type), Source(statement.Operands[1], type), type.Mask());
    }

    private WarpAction CompilePack(int target, VectorOperand parts, PtxType type)
    {
        PtxType part = Part(type, parts.Elements.Count);
        int[] sources = Sources(parts, part, parts.Elements.Count);
        int bits = part.Bytes() * 8;
        ulong mask = part.Mask();
        return (warp, lanes) =>
        {
            foreach (int lane in new LaneSet(lanes))
            {
                ulong value = 0;
                for (int i = 0; i < sources.Length; i++)
                {
                    value |= (warp[sources[i], lane] & mask) << (bits * i);
                }

                warp[target, lane] = value;
            }
        };
    }

    private WarpAction CompileUnpack(VectorOperand targets, int source, PtxType type)
    {
        PtxType part = Part(type, targets.Elements.Count);
        int[] destinations = Destinations(targets, part, targets.Elements.Count);
        int bits = part.Bytes() * 8;
        ulong mask = part.Mask();
        return (warp, lanes) =>
        {
            foreach (int lane in new LaneSet(lanes))
            {
                ulong value = warp[source, lane];
                for (int i = 0; i < destinations.Length; i++)
                {
                    warp[destinations[i], lane] = value >> (bits * i) & mask;
                }
            }
        };
    }

    private static PtxType Part(PtxType whole, int count) => (whole.Bytes() / count) switch
    {
        1 => PtxType.B8,
        2 => PtxType.B16,
        4 => PtxType.B32,
        _ => throw new PtxException($"{whole} cannot be split in {count}"),
    };

    private WarpAction CompileConvert(InstructionStatement statement)
    {
        PtxType[] types =
        [
            .. statement.Opcode.Skip(1)
                .Select(word => PtxTypes.TryParse(word, out PtxType type) ? type : PtxType.None)
                .Where(type => type != PtxType.None),
        ];
        if (types is not [PtxType to, PtxType from])
        {
            throw new PtxException($"{statement.Mnemonic} needs two types");
        }

        if (to is PtxType.F16X2 or PtxType.BF16X2)
        {
            Count(statement, 3);
            return LaneFunctions.Binary(
                Destination(statement.Operands[0], to),
                Source(statement.Operands[1], from),
                Source(statement.Operands[2], from),
                Conversions.Pack(to, statement));
        }

        Count(statement, 2);
        int target = Destination(statement.Operands[0], to == PtxType.TF32 ? PtxType.B32 : to, widerAllowed: true);
        int source = Source(statement.Operands[1], from, widerAllowed: true);
        int registerBytes = RegisterBytes(statement.Operands[0]);
        if (!to.IsFloat() && !from.IsFloat() && !statement.Has("sat") && registerBytes == to.Bytes())
        {
            if (from == PtxType.S32 && registerBytes == sizeof(long))
            {
                return VectorFunctions.SignExtend(target, source, ulong.MaxValue);
            }

            if (!from.IsSigned() || to.Bytes() <= from.Bytes())
            {
                return VectorFunctions.Move(target, source, from.Mask() & to.Mask());
            }
        }

        ulong mask = PtxTypes.MaskOfBytes(registerBytes);
        Func<ulong, ulong> convert = Conversions.Convert(to, from, statement);
        return LaneFunctions.Unary(target, source, a => to.Extend(convert(a)) & mask);
    }

    private WarpAction CompileAddressConvert(InstructionStatement statement)
    {
        Count(statement, 2);
        PtxType type = LastType(statement);
        ulong window = SpaceOf(statement) switch
        {
            StateSpace.Shared => GenericWindow.Shared,
            StateSpace.Local => GenericWindow.Local,
            _ => 0,
        };
        int target = Destination(statement.Operands[0], type);
        int source = Source(statement.Operands[1], type);
        if (window == 0)
        {
            return VectorFunctions.Move(target, source, type.Mask());
        }

        return statement.Has("to")
            ? LaneFunctions.Unary(target, source, a => a - window)
            : LaneFunctions.Unary(target, source, a => a + window);
    }
}
