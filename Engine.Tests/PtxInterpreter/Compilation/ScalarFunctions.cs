using System;

namespace Engine.PtxInterpreter;


/// <summary>The arithmetic of single lanes, on raw register bits. A function that is null does not exist for the type.</summary>
internal static partial class ScalarFunctions
{
    /// <summary>A register as a single-precision number.</summary>
    public static float F32(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    /// <summary>The register of a single-precision number.</summary>
    public static ulong Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    /// <summary>A register as a double-precision number.</summary>
    public static double F64(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    /// <summary>The register of a double-precision number.</summary>
    public static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    /// <summary>Functions of one source.</summary>
    public static Func<ulong, ulong>? Unary(string op, PtxType type, InstructionStatement statement) =>
        type.IsFloat() ? FloatUnary(op, type, statement) : IntegerUnary(op, type, statement);

    /// <summary>Functions of two sources.</summary>
    public static Func<ulong, ulong, ulong>? Binary(string op, PtxType type, InstructionStatement statement) =>
        type.IsFloat() ? FloatBinary(op, type, statement) : IntegerBinary(op, type, statement);

    /// <summary>Functions of three sources.</summary>
    public static Func<ulong, ulong, ulong, ulong>? Ternary(string op, PtxType type, InstructionStatement statement)
    {
        switch (op)
        {
            case "fma" or "mad" when type.IsFloat():
                return FusedMultiplyAdd(type, statement);
            case "mad":
                Func<ulong, ulong, ulong> multiply = IntegerBinary("mul", type, statement)!;
                ulong mask = statement.Has("wide") ? PtxTypes.MaskOfBytes(type.Bytes() * 2) : type.Mask();
                return (a, b, c) => (multiply(a, b) + c) & mask;
            case "bfe":
                return (a, b, c) => BitFieldExtract(a, (int)(b & 255), (int)(c & 255), type);
            case "shf":
                return FunnelShift(left: statement.Has("l"), wrap: statement.Has("wrap"));
            case "prmt" when statement.Opcode.Length == 2:
                return PermuteBytes;
            default:
                return null;
        }
    }
}
