using System;
using System.Numerics;

namespace Engine.PtxInterpreter;


/// <summary>Integers and predicates. Sources may hold anything beyond their type's width; results hold zeros there.</summary>
internal static partial class ScalarFunctions
{
    private static Func<ulong, ulong>? IntegerUnary(string op, PtxType type, InstructionStatement statement)
    {
        if (type == PtxType.Pred)
        {
            return op == "not" ? a => a ^ 1 : null;
        }

        ulong mask = type.Mask();
        int bits = type.Bytes() * 8;
        int highest = statement.Has("shiftamt") ? bits - 1 : -1;
        return op switch
        {
            "neg" => a => (0 - a) & mask,
            "abs" => a => Signed(a, bits) < 0 ? (0 - a) & mask : a & mask,
            "not" => a => ~a & mask,
            "cnot" => a => (a & mask) == 0 ? 1UL : 0,
            "popc" => a => (ulong)BitOperations.PopCount(a & mask),
            "clz" => a => (ulong)(BitOperations.LeadingZeroCount(a & mask) - (64 - bits)),
            "brev" => a => Reverse(a, bits),
            "bfind" when type.IsSigned() => a => FindBit(Signed(a, bits) < 0 ? ~a & mask : a & mask, highest),
            "bfind" => a => FindBit(a & mask, highest),
            _ => null,
        };
    }

    private static Func<ulong, ulong, ulong>? IntegerBinary(string op, PtxType type, InstructionStatement statement)
    {
        int bits = type == PtxType.Pred ? 1 : type.Bytes() * 8;
        ulong mask = type.Mask();
        switch (op)
        {
            case "and":
                return (a, b) => a & b & mask;
            case "or":
                return (a, b) => (a | b) & mask;
            case "xor":
                return (a, b) => (a ^ b) & mask;
            case "add" when statement.Has("sat"):
                return (a, b) => (uint)(int)Math.Clamp((long)(int)a + (int)b, int.MinValue, int.MaxValue);
            case "sub" when statement.Has("sat"):
                return (a, b) => (uint)(int)Math.Clamp((long)(int)a - (int)b, int.MinValue, int.MaxValue);
            case "add":
                return (a, b) => (a + b) & mask;
            case "sub":
                return (a, b) => (a - b) & mask;
            case "mul" when statement.Has("lo"):
                return (a, b) => (a * b) & mask;
            case "shl":
                return (a, b) => (uint)b >= bits ? 0 : a << (int)b & mask;
            default:
                return type.IsSigned() ? SignedBinary(op, bits, mask, statement) : UnsignedBinary(op, bits, mask, statement);
        }
    }

    private static Func<ulong, ulong, ulong>? SignedBinary(string op, int bits, ulong mask, InstructionStatement statement) => op switch
    {
        "mul" when statement.Has("wide") => (a, b) => (ulong)(Signed(a, bits) * Signed(b, bits)) & PtxTypes.MaskOfBytes(bits / 4),
        "mul" => (a, b) => (ulong)((Int128)Signed(a, bits) * Signed(b, bits) >> bits) & mask,
        "div" => (a, b) => Signed(b, bits) switch
        {
            0 => mask,
            -1 => (0 - a) & mask,
            long divisor => (ulong)(Signed(a, bits) / divisor) & mask,
        },
        "rem" => (a, b) => Signed(b, bits) switch
        {
            0 => a & mask,
            -1 => 0,
            long divisor => (ulong)(Signed(a, bits) % divisor) & mask,
        },
        "min" => (a, b) => (Signed(a, bits) < Signed(b, bits) ? a : b) & mask,
        "max" => (a, b) => (Signed(a, bits) > Signed(b, bits) ? a : b) & mask,
        "shr" => (a, b) => (ulong)(Signed(a, bits) >> (int)Math.Min((uint)b, bits - 1)) & mask,
        _ => null,
    };

    private static Func<ulong, ulong, ulong>? UnsignedBinary(string op, int bits, ulong mask, InstructionStatement statement) => op switch
    {
        "mul" when statement.Has("wide") => (a, b) => (a & mask) * (b & mask),
        "mul" => (a, b) => (ulong)((UInt128)(a & mask) * (b & mask) >> bits) & mask,
        "div" => (a, b) => (b & mask) == 0 ? mask : (a & mask) / (b & mask),
        "rem" => (a, b) => (b & mask) == 0 ? a & mask : (a & mask) % (b & mask),
        "min" => (a, b) => Math.Min(a & mask, b & mask),
        "max" => (a, b) => Math.Max(a & mask, b & mask),
        "shr" => (a, b) => (uint)b >= bits ? 0 : (a & mask) >> (int)b,
        _ => null,
    };

    // The low bits with their sign.
    private static long Signed(ulong value, int bits) => (long)(value << (64 - bits)) >> (64 - bits);

    private static Func<ulong, ulong, ulong, ulong> FunnelShift(bool left, bool wrap)
    {
        int Count(ulong count) => wrap ? (int)(count & 31) : (int)Math.Min((uint)count, 32);
        return (a, b, c) => (uint)((b << 32 | (a & uint.MaxValue)) >> (left ? 32 - Count(c) : Count(c)));
    }

    private static ulong PermuteBytes(ulong a, ulong b, ulong selectors)
    {
        ulong both = b << 32 | (a & uint.MaxValue);
        ulong result = 0;
        for (int i = 0; i < 4; i++)
        {
            int selector = (int)(selectors >> (4 * i)) & 15;
            ulong value = both >> (8 * (selector & 7)) & 0xFF;
            if ((selector & 8) != 0)
            {
                value = (value & 0x80) != 0 ? 0xFFUL : 0;
            }

            result |= value << (8 * i);
        }

        return result;
    }

    private static ulong BitFieldExtract(ulong a, int start, int length, PtxType type)
    {
        int bits = type.Bytes() * 8;
        bool sign = type.IsSigned() && length > 0 && (a >> Math.Min(start + length - 1, bits - 1) & 1) != 0;
        ulong result = 0;
        for (int i = 0; i < bits; i++)
        {
            bool bit = i < length && start + i < bits ? (a >> (start + i) & 1) != 0 : sign;
            result |= bit ? 1UL << i : 0;
        }

        return result;
    }

    /// <summary>Applies the boolean function of lop3's table to three words.</summary>
    public static ulong Lop3(ulong a, ulong b, ulong c, int table)
    {
        ulong result = 0;
        for (int i = 0; i < 8; i++)
        {
            if ((table >> i & 1) != 0)
            {
                result |= ((i & 4) != 0 ? a : ~a) & ((i & 2) != 0 ? b : ~b) & ((i & 1) != 0 ? c : ~c);
            }
        }

        return result & uint.MaxValue;
    }

    private static ulong Reverse(ulong a, int bits)
    {
        ulong result = 0;
        for (int i = 0; i < bits; i++)
        {
            result |= (a >> i & 1) << (bits - 1 - i);
        }

        return result;
    }

    // The place of the highest bit, or how far it is from the highest place if that is given.
    private static ulong FindBit(ulong a, int highest)
    {
        if (a == 0)
        {
            return uint.MaxValue;
        }

        int place = BitOperations.Log2(a);
        return (ulong)(highest < 0 ? place : highest - place);
    }
}
