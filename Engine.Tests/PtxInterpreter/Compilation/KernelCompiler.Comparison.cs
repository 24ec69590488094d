using System;

namespace Engine.PtxInterpreter;


/// <summary>Comparisons and choices.</summary>
public sealed partial class KernelCompiler
{
    private WarpAction CompileSetPredicate(InstructionStatement statement)
    {
        Count(statement, 3, 4);
        PtxType type = LastType(statement);
        Func<ulong, ulong, bool> compare = Comparison(statement, type);
        (PtxOperand first, PtxOperand? second) = Pair(statement.Operands[0]);
        int target = Destination(first, PtxType.Pred);
        int inverse = second is null ? NewSlot() : Destination(second, PtxType.Pred);
        int a = Source(statement.Operands[1], type);
        int b = Source(statement.Operands[2], type);
        if (statement.Operands.Count == 4)
        {
            return CompileSetPredicate(statement, compare, target, inverse, a, b);
        }

        if (statement.Opcode.Length > 2 && statement.Opcode[2] is "and" or "or" or "xor")
        {
            throw new PtxException($"{statement.Mnemonic} needs a third source");
        }

        if (second is null && !type.IsFloat() && VectorFunctions.Compare(statement.Opcode[1], type, target, a, b) is { } action)
        {
            return action;
        }

        return (warp, lanes) =>
        {
            foreach (int lane in new LaneSet(lanes))
            {
                bool result = compare(warp[a, lane], warp[b, lane]);
                warp[target, lane] = result ? 1UL : 0;
                warp[inverse, lane] = result ? 0UL : 1;
            }
        };
    }

    // With a third source, which is combined with the comparison and its inverse.
    private WarpAction CompileSetPredicate(
        InstructionStatement statement, Func<ulong, ulong, bool> compare, int target, int inverse, int a, int b)
    {
        Func<bool, bool, bool> combine =
            statement.Has("and") ? (x, y) => x && y
            : statement.Has("or") ? (x, y) => x || y
            : statement.Has("xor") ? (x, y) => x != y
            : throw new PtxException($"{statement.Mnemonic} needs .and, .or or .xor");
        int c = Source(statement.Operands[3], PtxType.Pred);
        bool negated = statement.Operands[3] is NameOperand { Negated: true };
        return (warp, lanes) =>
        {
            foreach (int lane in new LaneSet(lanes))
            {
                bool result = compare(warp[a, lane], warp[b, lane]);
                bool other = (warp[c, lane] & 1) != 0 != negated;
                warp[target, lane] = combine(result, other) ? 1UL : 0;
                warp[inverse, lane] = combine(!result, other) ? 1UL : 0;
            }
        };
    }

    private static Func<ulong, ulong, bool> Comparison(InstructionStatement statement, PtxType type) =>
        ScalarFunctions.Compare(statement.Opcode[1], type) ?? throw new PtxException($"{statement.Mnemonic} has no such comparison");

    private static (PtxOperand First, PtxOperand? Second) Pair(PtxOperand operand) =>
        operand is PairOperand pair ? (pair.First, pair.Second) : (operand, null);

    private WarpAction CompileSet(InstructionStatement statement)
    {
        Count(statement, 3);
        PtxType type = LastType(statement);
        PtxType result = TypeAt(statement, statement.Opcode.Length - 2);
        Func<ulong, ulong, bool> compare = Comparison(statement, type);
        ulong yes = result == PtxType.F32 ? ScalarFunctions.Bits(1f) : result.Mask();
        int d = Destination(statement.Operands[0], result);
        int a = Source(statement.Operands[1], type);
        int b = Source(statement.Operands[2], type);
        return LaneFunctions.Binary(d, a, b, (x, y) => compare(x, y) ? yes : 0);
    }

    private WarpAction CompileSelect(InstructionStatement statement)
    {
        Count(statement, 4);
        PtxType type = LastType(statement);
        return VectorFunctions.Select(
            Destination(statement.Operands[0], type),
            Source(statement.Operands[1], type),
            Source(statement.Operands[2], type),
            Source(statement.Operands[3], PtxType.Pred),
            type.Mask());
    }

    private WarpAction CompileSelectBySign(InstructionStatement statement)
    {
        Count(statement, 4);
        PtxType type = TypeAt(statement, statement.Opcode.Length - 2);
        PtxType condition = LastType(statement);
        Func<ulong, ulong, bool> isAtLeast = ScalarFunctions.Compare("ge", condition)!;
        return LaneFunctions.Ternary(
            Destination(statement.Operands[0], type),
            Source(statement.Operands[1], type),
            Source(statement.Operands[2], type),
            Source(statement.Operands[3], condition),
            (a, b, c) => isAtLeast(c, 0) ? a : b);
    }

    private WarpAction CompileTest(InstructionStatement statement)
    {
        Count(statement, 2);
        PtxType type = LastType(statement);
        Func<double, bool> test = statement.Opcode[1] switch
        {
            "finite" => double.IsFinite,
            "infinite" => double.IsInfinity,
            "number" => x => !double.IsNaN(x),
            "notanumber" => double.IsNaN,
            _ => throw new PtxException($"{statement.Mnemonic} is not supported"),
        };
        Func<ulong, double> read = type == PtxType.F32 ? bits => ScalarFunctions.F32(bits) : ScalarFunctions.F64;
        return LaneFunctions.Unary(
            Destination(statement.Operands[0], PtxType.Pred), Source(statement.Operands[1], type), bits => test(read(bits)) ? 1UL : 0);
    }
}
