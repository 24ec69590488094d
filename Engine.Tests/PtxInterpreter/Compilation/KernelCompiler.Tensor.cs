using System;
using System.Globalization;

namespace Engine.PtxInterpreter;


/// <summary>The tensor core instructions.</summary>
public sealed partial class KernelCompiler
{
    private const string TileShape = "m16n8k";

    private WarpAction CompileMatrixMultiply(InstructionStatement statement, Instruction instruction)
    {
        Count(statement, 4);
        if (statement.Opcode is not [_, "sync", "aligned", string shape, "row", "col", _, _, _, _])
        {
            throw new PtxException($"{statement.Mnemonic} is not supported");
        }

        PtxType result = TypeAt(statement, 6);
        PtxType left = TypeAt(statement, 7);
        PtxType right = TypeAt(statement, 8);
        if (TypeAt(statement, 9) != result)
        {
            throw new PtxException($"{statement.Mnemonic} needs equal types of C and D");
        }

        int depth = Depth(shape, left, right, result)
            ?? throw new PtxException($"{statement.Mnemonic} is not supported");
        int leftCount = MatrixMultiply.LeftRegisters(depth, left);
        PtxType packed = left == PtxType.F16 ? PtxType.F16X2 : PtxType.U32;
        (PtxType accumulator, int accumulators) = result == PtxType.F16 ? (PtxType.F16X2, 2) : (result, 4);
        MatrixMultiply multiply = new(depth, left, right, result)
        {
            D = Destinations(statement.Operands[0], accumulator, accumulators),
            A = Sources(statement.Operands[1], packed, leftCount),
            B = Sources(statement.Operands[2], packed, leftCount / 2),
            C = Sources(statement.Operands[3], accumulator, accumulators),
        };
        instruction.Kind = InstructionKind.WarpSync;
        return multiply.Run;
    }

    // The k of the shape, or null if the shape does not go with the types.
    private static int? Depth(string shape, PtxType left, PtxType right, PtxType result)
    {
        bool floats = result == PtxType.F32 || (result == PtxType.F16 && left == PtxType.F16);
        bool fits = (shape, left) switch
        {
            ("m16n8k16" or "m16n8k8", PtxType.F16 or PtxType.BF16) => floats && left == right,
            ("m16n8k8" or "m16n8k4", PtxType.TF32) => result == PtxType.F32 && left == right,
            ("m16n8k32" or "m16n8k16", PtxType.S8 or PtxType.U8) => result == PtxType.S32 && right is PtxType.S8 or PtxType.U8,
            _ => false,
        };
        return fits ? int.Parse(shape.AsSpan(TileShape.Length), CultureInfo.InvariantCulture) : null;
    }

    private WarpAction CompileMatrixAccess(InstructionStatement statement, Instruction instruction, bool loads)
    {
        Count(statement, 2);
        int count = statement.Has("x4") ? 4 : statement.Has("x2") ? 2 : statement.Has("x1") ? 1 : 0;
        if (count == 0 || !statement.Has("sync") || !statement.Has("aligned") || !statement.Has("m8n8") || !statement.Has("b16"))
        {
            throw new PtxException($"{statement.Mnemonic} is not supported");
        }

        (AddressSource address, VariableSymbol? variable) = AddressOf(statement.Operands[loads ? 1 : 0]);
        MatrixAccess access = new()
        {
            Memory = AccessOf(statement, variable, MatrixAccess.RowBytes),
            Address = address,
            Transposed = statement.Has("trans"),
            Fragments = loads
                ? Destinations(statement.Operands[0], PtxType.U32, count)
                : Sources(statement.Operands[1], PtxType.U32, count),
        };
        instruction.Kind = InstructionKind.WarpSync;
        return loads ? access.Load : access.Store;
    }
}
