using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.PtxInterpreter;


/// <summary>The functions themselves. Single-precision numbers lie in the lower halves of lanes.</summary>
internal static partial class VectorFunctions
{
    private static Vector256<ulong> Low => Vector256.Create((ulong)uint.MaxValue);

    private static Vector256<ulong> Extend(Vector256<ulong> a) =>
        Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(a, 32).AsInt64(), 32).AsUInt64();

    // Without an instruction for it: with the sign bit flipped, a logical shift is wrong by the shifted sign bit only.
    private static Vector256<ulong> ShiftArithmetic(Vector256<ulong> a, Vector256<ulong> b)
    {
        Vector256<ulong> sign = Vector256.Create(1UL << 63);
        Vector256<ulong> count = Vector256.Min(b & Low, Vector256.Create(63UL));
        return Avx2.ShiftRightLogicalVariable(a ^ sign, count) - Avx2.ShiftRightLogicalVariable(sign, count);
    }

    /// <summary>a</summary>
    private readonly struct First : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            a;
    }

    /// <summary>a + b</summary>
    private readonly struct Add : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            a + b;
    }

    /// <summary>a - b</summary>
    private readonly struct Subtract : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            a - b;
    }

    /// <summary>a and b</summary>
    private readonly struct And : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            a & b;
    }

    /// <summary>a or b</summary>
    private readonly struct Or : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            a | b;
    }

    /// <summary>a xor b</summary>
    private readonly struct Xor : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            a ^ b;
    }

    /// <summary>not a</summary>
    private readonly struct Not : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            ~a;
    }

    /// <summary>a b, the lower half</summary>
    private readonly struct Multiply : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            a * b;
    }

    /// <summary>a b + c, the lower half</summary>
    private readonly struct MultiplyAdd : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            (a * b) + c;
    }

    /// <summary>a b of 32-bit numbers, all 64 bits</summary>
    private readonly struct MultiplyWide : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            (a & Low) * (b & Low);
    }

    /// <summary>a b of signed 32-bit numbers, all 64 bits</summary>
    private readonly struct MultiplyWideSigned : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            Extend(a) * Extend(b);
    }

    /// <summary>a with its 32-bit sign extended</summary>
    private readonly struct SignExtension : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            Extend(a);
    }

    /// <summary>c ? a : b</summary>
    private readonly struct Selection : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            Vector256.ConditionalSelect(Vector256.Equals(c & Vector256<ulong>.One, Vector256<ulong>.One), a, b);
    }

    /// <summary>a shifted left by b; counts beyond the width give 0</summary>
    private readonly struct ShiftLeft : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            Avx2.ShiftLeftLogicalVariable(a, b & Low);
    }

    /// <summary>32-bit a shifted right by b</summary>
    private readonly struct ShiftRight32 : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            Avx2.ShiftRightLogicalVariable(a & Low, b & Low);
    }

    /// <summary>64-bit a shifted right by b</summary>
    private readonly struct ShiftRight64 : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            Avx2.ShiftRightLogicalVariable(a, b & Low);
    }

    /// <summary>signed 32-bit a shifted right by b; counts beyond the width give the sign</summary>
    private readonly struct ShiftRightSigned32 : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            ShiftArithmetic(Extend(a), b);
    }

    /// <summary>signed 64-bit a shifted right by b</summary>
    private readonly struct ShiftRightSigned64 : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            ShiftArithmetic(a, b);
    }

    /// <summary>a = b</summary>
    private readonly struct Equal : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            Vector256.Equals(a, b);
    }

    /// <summary>a &#8800; b</summary>
    private readonly struct NotEqual : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            ~Vector256.Equals(a, b);
    }

    /// <summary>a &lt; b</summary>
    private readonly struct Less<T> : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            Vector256.LessThan(a.As<ulong, T>(), b.As<ulong, T>()).As<T, ulong>();
    }

    /// <summary>a &#8804; b</summary>
    private readonly struct LessOrEqual<T> : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            Vector256.LessThanOrEqual(a.As<ulong, T>(), b.As<ulong, T>()).As<T, ulong>();
    }

    /// <summary>a + b</summary>
    private readonly struct AddSingle : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            (a.AsSingle() + b.AsSingle()).AsUInt64();
    }

    /// <summary>a - b</summary>
    private readonly struct SubtractSingle : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            (a.AsSingle() - b.AsSingle()).AsUInt64();
    }

    /// <summary>a b</summary>
    private readonly struct MultiplySingle : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            (a.AsSingle() * b.AsSingle()).AsUInt64();
    }

    /// <summary>a b + c, rounded once</summary>
    private readonly struct FusedMultiplyAddSingle : IVectorFunction
    {
        public static Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).AsUInt64();
    }
}
