using System;

namespace Engine.PtxInterpreter;


/// <summary>Floating-point numbers: f32 and f64 in their own precision, the small formats in double and rounded once.</summary>
internal static partial class ScalarFunctions
{
    private static Func<ulong, ulong>? FloatUnary(string op, PtxType type, InstructionStatement statement)
    {
        if (op is "neg" or "abs")
        {
            ulong signs = type is PtxType.F16X2 or PtxType.BF16X2 ? 0x80008000 : 1UL << ((type.Bytes() * 8) - 1);
            return op == "neg" ? a => a ^ signs : a => a & ~signs;
        }

        Func<double, double>? function = op switch
        {
            "sqrt" => Math.Sqrt,
            "rsqrt" => x => 1 / Math.Sqrt(x),
            "rcp" => x => 1 / x,
            "ex2" => x => Math.Pow(2, x),
            "lg2" => Math.Log2,
            "sin" => Math.Sin,
            "cos" => Math.Cos,
            "tanh" => Math.Tanh,
            _ => null,
        };
        if (function is null)
        {
            return null;
        }

        switch (type)
        {
            case PtxType.F64:
                return a => Bits(function(F64(a)));
            case PtxType.F32:
                (Func<float, float> finish, Func<float, float> flush) = (Finisher(statement), Flusher(statement));
                return a => Bits(finish((float)function(flush(F32(a)))));
            default:
                (Func<ulong, double> read, Func<double, ulong> write) = Conversions.Codec(Element(type));
                ulong One(ulong a) => write(function(read(a)));
                return IsPair(type) ? a => One(a & 0xFFFF) | One(a >> 16) << 16 : One;
        }
    }

    private static Func<ulong, ulong, ulong>? FloatBinary(string op, PtxType type, InstructionStatement statement)
    {
        if (type == PtxType.F32)
        {
            return SingleBinary(op, statement);
        }

        Func<double, double, double>? function = op switch
        {
            "add" => (a, b) => a + b,
            "sub" => (a, b) => a - b,
            "mul" => (a, b) => a * b,
            "div" => (a, b) => a / b,
            "min" => (a, b) => double.IsNaN(a) ? b : double.IsNaN(b) ? a : Math.Min(a, b),
            "max" => (a, b) => double.IsNaN(a) ? b : double.IsNaN(b) ? a : Math.Max(a, b),
            "copysign" => (a, b) => Math.CopySign(b, a),
            _ => null,
        };
        if (function is null)
        {
            return null;
        }

        if (type == PtxType.F64)
        {
            return (a, b) => Bits(function(F64(a), F64(b)));
        }

        (Func<ulong, double> read, Func<double, ulong> write) = Conversions.Codec(Element(type));
        ulong One(ulong a, ulong b) => write(function(read(a), read(b)));
        return IsPair(type) ? (a, b) => One(a & 0xFFFF, b & 0xFFFF) | One(a >> 16 & 0xFFFF, b >> 16 & 0xFFFF) << 16 : One;
    }

    private static Func<ulong, ulong, ulong>? SingleBinary(string op, InstructionStatement statement)
    {
        bool nan = statement.Has("NaN");
        Func<float, float, float>? function = op switch
        {
            "add" => (a, b) => a + b,
            "sub" => (a, b) => a - b,
            "mul" => (a, b) => a * b,
            "div" => (a, b) => a / b,
            "min" => (a, b) => nan ? MathF.Min(a, b) : float.IsNaN(a) ? b : float.IsNaN(b) ? a : MathF.Min(a, b),
            "max" => (a, b) => nan ? MathF.Max(a, b) : float.IsNaN(a) ? b : float.IsNaN(b) ? a : MathF.Max(a, b),
            "copysign" => (a, b) => MathF.CopySign(b, a),
            _ => null,
        };
        if (function is null)
        {
            return null;
        }

        if (!statement.Has("ftz") && !statement.Has("sat"))
        {
            return (a, b) => Bits(function(F32(a), F32(b)));
        }

        (Func<float, float> finish, Func<float, float> flush) = (Finisher(statement), Flusher(statement));
        return (a, b) => Bits(finish(function(flush(F32(a)), flush(F32(b)))));
    }

    private static Func<ulong, ulong, ulong, ulong> FusedMultiplyAdd(PtxType type, InstructionStatement statement)
    {
        switch (type)
        {
            case PtxType.F64:
                return (a, b, c) => Bits(Math.FusedMultiplyAdd(F64(a), F64(b), F64(c)));
            case PtxType.F32:
                (Func<float, float> finish, Func<float, float> flush) = (Finisher(statement), Flusher(statement));
                return (a, b, c) => Bits(finish(MathF.FusedMultiplyAdd(flush(F32(a)), flush(F32(b)), flush(F32(c)))));
            default:
                (Func<ulong, double> read, Func<double, ulong> write) = Conversions.Codec(Element(type));
                ulong One(ulong a, ulong b, ulong c) => write((read(a) * read(b)) + read(c));
                return IsPair(type)
                    ? (a, b, c) => One(a & 0xFFFF, b & 0xFFFF, c & 0xFFFF) | One(a >> 16, b >> 16, c >> 16) << 16
                    : One;
        }
    }

    private static bool IsPair(PtxType type) => type is PtxType.F16X2 or PtxType.BF16X2;

    private static PtxType Element(PtxType type) => type switch
    {
        PtxType.F16X2 => PtxType.F16,
        PtxType.BF16X2 => PtxType.BF16,
        _ => type,
    };

    // .ftz: subnormal numbers count as zeros of their sign.
    private static Func<float, float> Flusher(InstructionStatement statement) =>
        statement.Has("ftz") ? x => float.IsSubnormal(x) ? MathF.CopySign(0, x) : x : x => x;

    // .sat: results are clamped to [0, 1], and NaN becomes 0.
    private static Func<float, float> Finisher(InstructionStatement statement)
    {
        Func<float, float> flush = Flusher(statement);
        return statement.Has("sat") ? x => flush(x) > 0 ? Math.Min(flush(x), 1) : 0 : flush;
    }
}
