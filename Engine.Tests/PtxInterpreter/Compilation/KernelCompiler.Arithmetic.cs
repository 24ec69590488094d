using System;
using System.Linq;

namespace Engine.PtxInterpreter;


/// <summary>Arithmetic and logic.</summary>
public sealed partial class KernelCompiler
{
    private WarpAction? CompileArithmetic(InstructionStatement statement) => statement.Opcode[0] switch
    {
        "mov" => CompileMove(statement),
        "cvt" => CompileConvert(statement),
        "cvta" => CompileAddressConvert(statement),
        "setp" => CompileSetPredicate(statement),
        "set" => CompileSet(statement),
        "selp" => CompileSelect(statement),
        "slct" => CompileSelectBySign(statement),
        "testp" => CompileTest(statement),
        "lop3" => CompileLogic(statement),
        "bfi" => CompileBitFieldInsert(statement),
        _ => CompileGeneral(statement),
    };

    // One to three sources of the same type, but for the exceptions named here.
    private WarpAction? CompileGeneral(InstructionStatement statement)
    {
        string op = statement.Opcode[0];
        PtxType type = LastType(statement);
        if (type.IsFloat() && (statement.Has("rz") || statement.Has("rm") || statement.Has("rp")))
        {
            throw new PtxException($"{statement.Mnemonic} is not supported: it does not round to nearest");
        }

        PtxType result = op is "popc" or "clz" or "bfind" ? PtxType.U32 : statement.Has("wide") ? Widen(type) : type;
        PtxType second = op is "shl" or "shr" or "bfe" ? PtxType.U32 : type;
        PtxType third = op is "bfe" or "shf" ? PtxType.U32 : result;
        switch (statement.Operands.Count)
        {
            case 2 when ScalarFunctions.Unary(op, type, statement) is { } function:
            {
                int d = Destination(statement.Operands[0], result);
                int a = Source(statement.Operands[1], type);
                return VectorFunctions.Find(op, type, statement, d, a, a, a) ?? LaneFunctions.Unary(d, a, function);
            }

            case 3 when ScalarFunctions.Binary(op, type, statement) is { } function:
            {
                int d = Destination(statement.Operands[0], result);
                int a = Source(statement.Operands[1], type);
                int b = Source(statement.Operands[2], second);
                return VectorFunctions.Find(op, type, statement, d, a, b, b) ?? LaneFunctions.Binary(d, a, b, function);
            }

            case 4 when ScalarFunctions.Ternary(op, type, statement) is { } function:
            {
                int d = Destination(statement.Operands[0], result);
                int a = Source(statement.Operands[1], type);
                int b = Source(statement.Operands[2], second);
                int c = Source(statement.Operands[3], third);
                return VectorFunctions.Find(op, type, statement, d, a, b, c) ?? LaneFunctions.Ternary(d, a, b, c, function);
            }

            default:
                return null;
        }
    }

    private static PtxType Widen(PtxType type) => type switch
    {
        PtxType.S16 => PtxType.S32,
        PtxType.U16 => PtxType.U32,
        PtxType.S32 => PtxType.S64,
        PtxType.U32 => PtxType.U64,
        _ => throw new PtxException($".wide does not take {type}"),
    };

    private WarpAction CompileLogic(InstructionStatement statement)
    {
        Count(statement, 5);
        int d = Destination(statement.Operands[0], PtxType.B32);
        int[] sources = Sources(new VectorOperand([.. statement.Operands.Skip(1).Take(3)]), PtxType.B32, 3);
        int table = Immediate(statement.Operands[4]);
        return LaneFunctions.Ternary(d, sources[0], sources[1], sources[2], (a, b, c) => ScalarFunctions.Lop3(a, b, c, table));
    }

    private WarpAction CompileBitFieldInsert(InstructionStatement statement)
    {
        Count(statement, 5);
        PtxType type = LastType(statement);
        int target = Destination(statement.Operands[0], type);
        int from = Source(statement.Operands[1], type);
        int into = Source(statement.Operands[2], type);
        int start = Source(statement.Operands[3], PtxType.U32);
        int length = Source(statement.Operands[4], PtxType.U32);
        int bits = type.Bytes() * 8;
        return (warp, lanes) =>
        {
            foreach (int lane in new LaneSet(lanes))
            {
                int at = (int)(warp[start, lane] & 255);
                int count = Math.Min((int)(warp[length, lane] & 255), Math.Max(0, bits - at));
                ulong field = count == 0 ? 0 : ulong.MaxValue >> (64 - count) << at;
                warp[target, lane] = (warp[into, lane] & ~field) | (warp[from, lane] << at & field);
            }
        };
    }
}
