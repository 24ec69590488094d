using System;
using System.Linq;

namespace Engine.PtxInterpreter;

/// <summary>The cvt instruction and the small float formats.</summary>
internal static class Conversions
{
    private const uint TF32Mask = 0xFFFFE000;

    // Those with an i round to integers.
    private static readonly string[] Roundings = ["rn", "rz", "rm", "rp", "rna", "rni", "rzi", "rmi", "rpi"];

    /// <summary>How to read and write a 16-bit float format or f32, rounding to nearest even.</summary>
    public static (Func<ulong, double> Read, Func<double, ulong> Write) Codec(PtxType type) => type switch
    {
        PtxType.F16 => (a => (double)BitConverter.UInt16BitsToHalf((ushort)a), x => BitConverter.HalfToUInt16Bits((Half)x)),
        PtxType.BF16 => (a => ReadBF16(a), x => WriteBF16((float)x, "rn")),
        PtxType.F32 => (a => ScalarFunctions.F32(a), x => ScalarFunctions.Bits((float)x)),
        _ => throw new PtxException($"arithmetic on {type} is not supported"),
    };

    /// <summary>Reads a bfloat16, which is the upper half of an f32.</summary>
    public static float ReadBF16(ulong bits) => ScalarFunctions.F32(bits << 16);

    // Rounds to nearest even for rn, else toward zero.
    private static ulong WriteBF16(float value, string rounding)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
        {
            return 0x7FFF;
        }

        if (rounding == "rn")
        {
            bits += 0x7FFF + (bits >> 16 & 1);
        }

        return bits >> 16;
    }

    /// <summary>Drops the bits of an f32 that a tf32 operand ignores.</summary>
    public static float ReadTF32(ulong bits) => ScalarFunctions.F32(bits & TF32Mask);

    /// <summary>The function of a cvt with one source.</summary>
    public static Func<ulong, ulong> Convert(PtxType to, PtxType from, InstructionStatement statement)
    {
        string rounding = statement.Opcode.FirstOrDefault(Roundings.Contains) ?? "";
        bool saturates = statement.Has("sat");
        if (to is PtxType.F16 or PtxType.BF16 && rounding is "rm" or "rp")
        {
            throw new PtxException($"{statement.Mnemonic} is not supported");
        }

        if (to.IsFloat() && !from.IsFloat())
        {
            RequireRounding(rounding.Length == 2, statement);
            return from.IsSigned()
                ? a => WriteFloat(to, Signed(a, from), rounding, saturates)
                : a => WriteFloat(to, a & from.Mask(), rounding, saturates);
        }

        if (to.IsFloat())
        {
            RequireRounding((to.Bytes() >= from.Bytes() && to != PtxType.TF32) || rounding.Length > 0, statement);
            return a => WriteFloat(to, Round(ReadFloat(from, a), rounding), rounding, saturates);
        }

        if (from.IsFloat())
        {
            RequireRounding(rounding.Length == 3, statement);
            return a => ToInteger(to, Round(ReadFloat(from, a), rounding));
        }

        if (!saturates)
        {
            return a => from.Extend(a) & to.Mask();
        }

        return from.IsSigned() ? a => Clamp(to, Signed(a, from)) : a => Clamp(to, a & from.Mask());
    }

    private static void RequireRounding(bool present, InstructionStatement statement)
    {
        if (!present)
        {
            throw new PtxException($"{statement.Mnemonic} needs a rounding modifier");
        }
    }

    private static long Signed(ulong a, PtxType type)
    {
        int shift = 64 - (type.Bytes() * 8);
        return (long)(a << shift) >> shift;
    }

    private static double ReadFloat(PtxType type, ulong bits) => type switch
    {
        PtxType.F64 => ScalarFunctions.F64(bits),
        PtxType.TF32 => ReadTF32(bits),
        _ => Codec(type).Read(bits),
    };

    private static ulong WriteFloat(PtxType type, double value, string rounding, bool saturates)
    {
        if (saturates)
        {
            value = double.IsNaN(value) ? 0 : Math.Clamp(value, 0, 1);
        }

        return type switch
        {
            PtxType.F64 => ScalarFunctions.Bits(value),
            PtxType.BF16 => WriteBF16((float)value, rounding),
            PtxType.TF32 => WriteTF32((float)value, rounding),
            PtxType.F16 when rounding == "rz" => TowardZero(value),
            PtxType.F32 when rounding is "rz" or "rm" or "rp" => ScalarFunctions.Bits(Directed(value, rounding)),
            _ => Codec(type).Write(value),
        };
    }

    private static float Directed(double value, string rounding)
    {
        float nearest = (float)value;
        bool tooBig = nearest > value && (rounding == "rm" || (rounding == "rz" && value > 0));
        bool tooSmall = nearest < value && (rounding == "rp" || (rounding == "rz" && value < 0));
        return tooBig ? MathF.BitDecrement(nearest) : tooSmall ? MathF.BitIncrement(nearest) : nearest;
    }

    private static ulong TowardZero(double value)
    {
        Half half = (Half)value;
        if (Math.Abs((double)half) > Math.Abs(value))
        {
            half = value > 0 ? Half.BitDecrement(half) : Half.BitIncrement(half);
        }

        return BitConverter.HalfToUInt16Bits(half);
    }

    // Rounds to nearest, ties away from zero for rna and to even for rn.
    private static ulong WriteTF32(float value, string rounding)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (!float.IsFinite(value) || rounding == "rz")
        {
            return bits & TF32Mask;
        }

        bits += rounding == "rn" ? 0xFFFu + (bits >> 13 & 1) : 0x1000u;
        return bits & TF32Mask;
    }

    private static double Round(double value, string rounding) => rounding switch
    {
        "rni" => Math.Round(value, MidpointRounding.ToEven),
        "rzi" => Math.Truncate(value),
        "rmi" => Math.Floor(value),
        "rpi" => Math.Ceiling(value),
        _ => value,
    };

    private static ulong ToInteger(PtxType type, double value)
    {
        if (double.IsNaN(value))
        {
            return 0;
        }

        if (double.IsInfinity(value) || Math.Abs(value) > 1e30)
        {
            return Clamp(type, value > 0 ? Int128.MaxValue : Int128.MinValue);
        }

        return Clamp(type, (Int128)value);
    }

    private static ulong Clamp(PtxType type, Int128 value)
    {
        int bits = type.Bytes() * 8;
        Int128 least = type.IsSigned() ? -(Int128.One << (bits - 1)) : 0;
        Int128 most = type.IsSigned() ? (Int128.One << (bits - 1)) - 1 : (Int128.One << bits) - 1;
        return (ulong)Int128.Clamp(value, least, most) & type.Mask();
    }

    /// <summary>The function of a cvt that packs two f32 values; the first goes to the upper half.</summary>
    public static Func<ulong, ulong, ulong> Pack(PtxType to, InstructionStatement statement)
    {
        PtxType element = to == PtxType.F16X2 ? PtxType.F16 : PtxType.BF16;
        string rounding = statement.Has("rz") ? "rz" : "rn";
        bool relu = statement.Has("relu");
        ulong One(ulong a)
        {
            float value = ScalarFunctions.F32(a);
            return WriteFloat(element, relu && value < 0 ? 0 : value, rounding, saturates: false);
        }

        return (a, b) => One(a) << 16 | One(b);
    }
}
