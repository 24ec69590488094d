using System;

namespace Engine.PtxInterpreter;


/// <summary>The comparisons of setp, set and friends.</summary>
internal static partial class ScalarFunctions
{
    /// <summary>A comparison, or null if the type does not have it.</summary>
    public static Func<ulong, ulong, bool>? Compare(string op, PtxType type) =>
        type.IsFloat() ? FloatCompare(op, type) : IntegerCompare(op, type);

    private static Func<ulong, ulong, bool>? FloatCompare(string op, PtxType type)
    {
        Func<ulong, double> read = type switch
        {
            PtxType.F32 => a => F32(a),
            PtxType.F64 => F64,
            _ => Conversions.Codec(type).Read,
        };
        bool Unordered(ulong a, ulong b) => double.IsNaN(read(a)) || double.IsNaN(read(b));
        switch (op)
        {
            case "eq":
                return (a, b) => read(a) == read(b);
            case "ne":
                return (a, b) => !Unordered(a, b) && read(a) != read(b);
            case "lt":
                return (a, b) => read(a) < read(b);
            case "le":
                return (a, b) => read(a) <= read(b);
            case "gt":
                return (a, b) => read(a) > read(b);
            case "ge":
                return (a, b) => read(a) >= read(b);
            case "num":
                return (a, b) => !Unordered(a, b);
            case "nan":
                return Unordered;
            default:
                // equ and its like also hold for unordered operands.
                return op.Length == 3 && op[2] == 'u' && FloatCompare(op[..2], type) is { } ordered
                    ? (a, b) => Unordered(a, b) || ordered(a, b)
                    : null;
        }
    }

    private static Func<ulong, ulong, bool>? IntegerCompare(string op, PtxType type)
    {
        ulong mask = type.Mask();
        int bits = type.Bytes() * 8;
        bool signed = type.IsSigned();
        long Order(ulong value) => signed ? Signed(value, bits) : (long)((value & mask) ^ (1UL << 63));
        return op switch
        {
            "eq" => (a, b) => (a & mask) == (b & mask),
            "ne" => (a, b) => (a & mask) != (b & mask),
            "lt" or "lo" => (a, b) => Order(a) < Order(b),
            "le" or "ls" => (a, b) => Order(a) <= Order(b),
            "gt" or "hi" => (a, b) => Order(a) > Order(b),
            "ge" or "hs" => (a, b) => Order(a) >= Order(b),
            _ => null,
        };
    }
}
