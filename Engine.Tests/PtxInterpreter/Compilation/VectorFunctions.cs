using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.PtxInterpreter;


/// <summary>
/// The most frequent instructions on four lanes at once, with the results of <see cref="ScalarFunctions"/>: kernels spend most of their
/// instructions on addresses, loop counters and fused multiply-adds.
/// </summary>
internal static partial class VectorFunctions
{
    /// <summary>The action of a general instruction, or null if it is not among them.</summary>
    public static WarpAction? Find(string op, PtxType type, InstructionStatement statement, int d, int a, int b, int c)
    {
        ulong mask = type.Mask();
        if (type == PtxType.F32)
        {
            return statement.Has("ftz") || statement.Has("sat") ? null : op switch
            {
                "add" => Create<AddSingle>(d, a, b, c, mask),
                "sub" => Create<SubtractSingle>(d, a, b, c, mask),
                "mul" => Create<MultiplySingle>(d, a, b, c, mask),
                "fma" or "mad" => Create<FusedMultiplyAddSingle>(d, a, b, c, mask),
                _ => null,
            };
        }

        return type.IsFloat() || statement.Has("sat") || statement.Has("hi") ? null : op switch
        {
            "add" => Create<Add>(d, a, b, c, mask),
            "sub" => Create<Subtract>(d, a, b, c, mask),
            "and" => Create<And>(d, a, b, c, mask),
            "or" => Create<Or>(d, a, b, c, mask),
            "xor" => Create<Xor>(d, a, b, c, mask),
            "not" => Create<Not>(d, a, a, a, mask),
            "mul" when statement.Has("lo") => Create<Multiply>(d, a, b, c, mask),
            "mad" when statement.Has("lo") => Create<MultiplyAdd>(d, a, b, c, mask),
            "mul" when type == PtxType.U32 => Create<MultiplyWide>(d, a, b, c, ulong.MaxValue),
            "mul" when type == PtxType.S32 => Create<MultiplyWideSigned>(d, a, b, c, ulong.MaxValue),
            "shl" when Avx2.IsSupported => Create<ShiftLeft>(d, a, b, c, mask),
            "shr" when Avx2.IsSupported => ShiftRight(type, d, a, b, mask),
            _ => null,
        };
    }

    /// <summary>d = a, cut to a mask.</summary>
    public static WarpAction Move(int d, int a, ulong mask) => Create<First>(d, a, a, a, mask);

    /// <summary>d = a with its 32-bit sign extended, cut to a mask.</summary>
    public static WarpAction SignExtend(int d, int a, ulong mask) => Create<SignExtension>(d, a, a, a, mask);

    /// <summary>d = c ? a : b</summary>
    public static WarpAction Select(int d, int a, int b, int c, ulong mask) => Create<Selection>(d, a, b, c, mask);

    /// <summary>d = a compared with b, for integers, or null if there is no such comparison.</summary>
    public static WarpAction? Compare(string op, PtxType type, int d, int a, int b)
    {
        // The highest bit of the type becomes the highest of the lane: what lies beyond it does not matter.
        int shift = 64 - (type.Bytes() * 8);
        return (op, type.IsSigned()) switch
        {
            ("eq", _) => Create<Equal>(d, a, b, b, 1, shift),
            ("ne", _) => Create<NotEqual>(d, a, b, b, 1, shift),
            ("lt", true) => Create<Less<long>>(d, a, b, b, 1, shift),
            ("gt", true) => Create<Less<long>>(d, b, a, a, 1, shift),
            ("le", true) => Create<LessOrEqual<long>>(d, a, b, b, 1, shift),
            ("ge", true) => Create<LessOrEqual<long>>(d, b, a, a, 1, shift),
            ("lt" or "lo", false) => Create<Less<ulong>>(d, a, b, b, 1, shift),
            ("gt" or "hi", false) => Create<Less<ulong>>(d, b, a, a, 1, shift),
            ("le" or "ls", false) => Create<LessOrEqual<ulong>>(d, a, b, b, 1, shift),
            ("ge" or "hs", false) => Create<LessOrEqual<ulong>>(d, b, a, a, 1, shift),
            _ => null,
        };
    }

    private static WarpAction? ShiftRight(PtxType type, int d, int a, int b, ulong mask) => type switch
    {
        PtxType.S32 => Create<ShiftRightSigned32>(d, a, b, b, mask),
        PtxType.U32 or PtxType.B32 => Create<ShiftRight32>(d, a, b, b, mask),
        PtxType.U64 or PtxType.B64 => Create<ShiftRight64>(d, a, b, b, mask),
        PtxType.S64 => Create<ShiftRightSigned64>(d, a, b, b, mask),
        _ => null,
    };

    private static WarpAction Create<TFunction>(int d, int a, int b, int c, ulong mask, int shift = 0)
        where TFunction : struct, IVectorFunction => (warp, lanes) =>
    {
        ref ulong target = ref MemoryMarshal.GetReference(warp.Slot(d));
        ref ulong first = ref MemoryMarshal.GetReference(warp.Slot(a));
        ref ulong second = ref MemoryMarshal.GetReference(warp.Slot(b));
        ref ulong third = ref MemoryMarshal.GetReference(warp.Slot(c));
        Vector256<ulong> cut = Vector256.Create(mask);
        for (int lane = 0; lane < Warp.Lanes; lane += Vector256<ulong>.Count)
        {
            Vector256<ulong> result = cut & TFunction.Apply(
                Vector256.ShiftLeft(Vector256.LoadUnsafe(ref first, (nuint)lane), shift),
                Vector256.ShiftLeft(Vector256.LoadUnsafe(ref second, (nuint)lane), shift),
                Vector256.LoadUnsafe(ref third, (nuint)lane));
            if (lanes != Warp.AllLanes)
            {
                Vector256<ulong> active = Vector256.Equals(Vector256.Create((ulong)lanes >> lane) & LaneBits, LaneBits);
                result = Vector256.ConditionalSelect(active, result, Vector256.LoadUnsafe(ref target, (nuint)lane));
            }

            result.StoreUnsafe(ref target, (nuint)lane);
        }
    };

    private static Vector256<ulong> LaneBits => Vector256.Create(1UL, 2, 4, 8);
}
