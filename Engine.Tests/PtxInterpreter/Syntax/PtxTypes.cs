using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.PtxInterpreter;

/// <summary>Facts about PTX types: their names, sizes and agreement rules.</summary>
internal static class PtxTypes
{
    private static readonly Dictionary<string, PtxType> ByName =
        Enum.GetValues<PtxType>().Where(type => type != PtxType.None).ToDictionary(type => type.ToString().ToLowerInvariant());

    /// <summary>Reads a type name without its leading dot, such as "f32".</summary>
    public static bool TryParse(string name, out PtxType type) => ByName.TryGetValue(name, out type);

    /// <summary>The number of bytes a value of the type takes in memory.</summary>
    public static int Bytes(this PtxType type) => type switch
    {
        PtxType.Pred or PtxType.B8 or PtxType.U8 or PtxType.S8 => 1,
        PtxType.B16 or PtxType.U16 or PtxType.S16 or PtxType.F16 or PtxType.BF16 => 2,
        PtxType.B32 or PtxType.U32 or PtxType.S32 or PtxType.F32 or PtxType.TF32 or PtxType.F16X2 or PtxType.BF16X2 => 4,
        PtxType.B64 or PtxType.U64 or PtxType.S64 or PtxType.F64 => 8,
        PtxType.B128 => 16,
        _ => throw new PtxException($"type {type} has no size"),
    };

    /// <summary>Whether it is a signed integer.</summary>
    public static bool IsSigned(this PtxType type) => type is PtxType.S8 or PtxType.S16 or PtxType.S32 or PtxType.S64;

    /// <summary>Whether it is a bit type, which agrees with every type of its size.</summary>
    public static bool IsUntyped(this PtxType type) =>
        type is PtxType.B8 or PtxType.B16 or PtxType.B32 or PtxType.B64 or PtxType.B128;

    /// <summary>Whether it is a signed or unsigned integer.</summary>
    public static bool IsInteger(this PtxType type) =>
        type.IsSigned() || type is PtxType.U8 or PtxType.U16 or PtxType.U32 or PtxType.U64;

    /// <summary>Whether it is a floating-point format, packed or not.</summary>
    public static bool IsFloat(this PtxType type) => type >= PtxType.F16;

    /// <summary>All ones over the width of the type.</summary>
    public static ulong Mask(this PtxType type) => type == PtxType.Pred ? 1UL : MaskOfBytes(type.Bytes());

    /// <summary>All ones over a number of bytes.</summary>
    public static ulong MaskOfBytes(int bytes) => bytes >= 8 ? ulong.MaxValue : (1UL << (bytes * 8)) - 1;

    /// <summary>
    /// Whether a register of one type may stand as operand of an instruction of another, by the operand rules of the PTX ISA:
    /// equal size, and bit types agree with all, integers with integers.
    /// </summary>
    public static bool Agrees(PtxType register, PtxType instruction)
    {
        if (register == instruction)
        {
            return true;
        }

        if (register == PtxType.Pred || instruction == PtxType.Pred || register.Bytes() != instruction.Bytes())
        {
            return false;
        }

        return register.IsUntyped() || instruction.IsUntyped() || (register.IsInteger() && instruction.IsInteger());
    }

    /// <summary>Sign extends (for signed types) or zero extends the low bytes of a raw value.</summary>
    public static ulong Extend(this PtxType type, ulong raw) => type switch
    {
        PtxType.S8 => (ulong)(sbyte)raw,
        PtxType.S16 => (ulong)(short)raw,
        PtxType.S32 => (ulong)(int)raw,
        _ => raw & type.Mask(),
    };
}
