using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels.Host;

/// <summary>Eight floats per register.</summary>
internal unsafe readonly struct Avx2Isa : IVectorIsa<Vector256<float>>
{
    public static int Width => 8;

    public static Vector256<float> Zero => Vector256<float>.Zero;

    public static Vector256<float> LaneIndices => Vector256.CreateSequence(0f, 1f);

    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    public static Vector256<float> Load(float* address) => Vector256.Load(address);

    public static Vector256<float> LoadPartial(float* address, int count) => Avx.MaskLoad(address, FirstLanes(count));

    public static Vector256<float> LoadBFloat16(ushort* address) =>
        (Avx2.ConvertToVector256Int32(Vector128.Load(address)) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadFloat16(ushort* address)
    {
        // Magnitudes are below 2^31, so signed comparison, which AVX2 has, is enough.
        Vector256<int> half = Avx2.ConvertToVector256Int32(Vector128.Load(address));
        Vector256<int> magnitude = (half & Vector256.Create((int)Float16Bits.MagnitudeMask)) << Float16Bits.MantissaShift;
        Vector256<int> normal = magnitude + Vector256.Create((int)Float16Bits.ExponentBias);
        Vector256<int> special = normal + Vector256.Create((int)Float16Bits.ExponentBias);
        Vector256<int> subnormal = ((magnitude + Vector256.Create((int)Float16Bits.SubnormalOne)).AsSingle()
            - Vector256.Create((int)Float16Bits.SubnormalOne).AsSingle()).AsInt32();
        Vector256<int> result = Vector256.ConditionalSelect(
            Vector256.LessThan(magnitude, Vector256.Create((int)Float16Bits.SmallestNormal)), subnormal, normal);
        result = Vector256.ConditionalSelect(
            Vector256.LessThan(magnitude, Vector256.Create((int)Float16Bits.Infinity)), result, special);
        return (result | ((half & Vector256.Create((int)Float16Bits.SignMask)) << 16)).AsSingle();
    }

    public static void Store(Vector256<float> value, float* address) => value.Store(address);

    public static void StorePartial(Vector256<float> value, float* address, int count) =>
        Avx.MaskStore(address, FirstLanes(count), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(Vector256<float> value, ushort* address)
    {
        Vector256<int> bits = value.AsInt32();
        Vector256<int> upper = Vector256.ShiftRightLogical(bits, 16);
        Vector256<int> odd = upper & Vector256.Create(1);
        Vector256<int> rounded = Vector256.ShiftRightLogical(bits + odd + Vector256.Create(0x7FFF), 16);
        Vector256<int> magnitude = bits & Vector256.Create(int.MaxValue);
        Vector256<int> result = Vector256.ConditionalSelect(
            Vector256.GreaterThan(magnitude, Vector256.Create(Float16Bits.SingleInfinity)), upper | Vector256.Create(0x0040), rounded);
        Narrow(result).Store(address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFloat16(Vector256<float> value, ushort* address)
    {
        Vector256<int> bits = value.AsInt32();
        Vector256<int> magnitude = bits & Vector256.Create(int.MaxValue);
        Vector256<int> sign = Vector256.ShiftRightLogical(bits ^ magnitude, 16);
        Vector256<int> odd = Vector256.ShiftRightLogical(magnitude, Float16Bits.MantissaShift) & Vector256.Create(1);
        Vector256<int> normal = Vector256.ShiftRightLogical(
            magnitude - Vector256.Create((int)Float16Bits.ExponentBias) + Vector256.Create(Float16Bits.HalfUlpBelow) + odd, Float16Bits.MantissaShift);
        Vector256<int> subnormal = (magnitude.AsSingle() + Vector256.Create(0.5f)).AsInt32() - Vector256.Create(0.5f).AsInt32();
        Vector256<int> result = Vector256.ConditionalSelect(
            Vector256.LessThan(magnitude, Vector256.Create((int)Float16Bits.SubnormalOne)), subnormal, normal);
        Vector256<int> special = Vector256.ConditionalSelect(
            Vector256.GreaterThan(magnitude, Vector256.Create(Float16Bits.SingleInfinity)), Vector256.Create(0x7E00), Vector256.Create(0x7C00));
        result = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(Float16Bits.Overflow)), result, special) | sign;
        Narrow(result).Store(address);
    }

    public static Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    public static Vector256<float> Subtract(Vector256<float> left, Vector256<float> right) => left - right;

    public static Vector256<float> Multiply(Vector256<float> left, Vector256<float> right) => left * right;

    public static Vector256<float> Divide(Vector256<float> left, Vector256<float> right) => left / right;

    public static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> addend) =>
        Fma.MultiplyAdd(left, right, addend);

    public static Vector256<float> Max(Vector256<float> left, Vector256<float> right) => Vector256.MaxNative(left, right);

    public static Vector256<float> Min(Vector256<float> left, Vector256<float> right) => Vector256.MinNative(left, right);

    public static Vector256<float> Abs(Vector256<float> value) => Vector256.Abs(value);

    public static Vector256<float> Sqrt(Vector256<float> value) => Vector256.Sqrt(value);

    public static Vector256<float> Log(Vector256<float> value) => Vector256.Log(value);

    public static Vector256<float> SelectLess(
        Vector256<float> left, Vector256<float> right, Vector256<float> whenLess, Vector256<float> otherwise) =>
        Vector256.ConditionalSelect(Vector256.LessThan(left, right), whenLess, otherwise);

    public static Vector256<float> ScaleByPowerOfTwo(Vector256<float> value, Vector256<float> shifted) =>
        (value.AsInt32() + (shifted.AsInt32() << 23)).AsSingle();

    public static float Sum(Vector256<float> value) => Vector256.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Vector256<float> value)
    {
        Vector128<float> four = Vector128.MaxNative(value.GetLower(), value.GetUpper());
        Vector128<float> two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddToDouble(Vector256<float> value, double* sums)
    {
        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(value);
        (Vector256.Load(sums) + low).Store(sums);
        (Vector256.Load(sums + 4) + high).Store(sums + 4);
    }

    /// <summary>8 x 8 in three stages: pairs of rows, quadruples, halves of registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        Vector256<float> r0 = Vector256.Load(source);
        Vector256<float> r1 = Vector256.Load(source + sourceStride);
        Vector256<float> r2 = Vector256.Load(source + (2 * sourceStride));
        Vector256<float> r3 = Vector256.Load(source + (3 * sourceStride));
        Vector256<float> r4 = Vector256.Load(source + (4 * sourceStride));
        Vector256<float> r5 = Vector256.Load(source + (5 * sourceStride));
        Vector256<float> r6 = Vector256.Load(source + (6 * sourceStride));
        Vector256<float> r7 = Vector256.Load(source + (7 * sourceStride));

        (Vector256<float> a0, Vector256<float> a1, Vector256<float> a2, Vector256<float> a3) = TransposeLanes(r0, r1, r2, r3);
        (Vector256<float> b0, Vector256<float> b1, Vector256<float> b2, Vector256<float> b3) = TransposeLanes(r4, r5, r6, r7);

        Avx.Permute2x128(a0, b0, 0x20).Store(destination);
        Avx.Permute2x128(a1, b1, 0x20).Store(destination + destinationStride);
        Avx.Permute2x128(a2, b2, 0x20).Store(destination + (2 * destinationStride));
        Avx.Permute2x128(a3, b3, 0x20).Store(destination + (3 * destinationStride));
        Avx.Permute2x128(a0, b0, 0x31).Store(destination + (4 * destinationStride));
        Avx.Permute2x128(a1, b1, 0x31).Store(destination + (5 * destinationStride));
        Avx.Permute2x128(a2, b2, 0x31).Store(destination + (6 * destinationStride));
        Avx.Permute2x128(a3, b3, 0x31).Store(destination + (7 * destinationStride));
    }

    /// <summary>Transposes the lower and the upper 4 x 4 block of four rows, each within its half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> R0, Vector256<float> R1, Vector256<float> R2, Vector256<float> R3) TransposeLanes(
        Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3)
    {
        Vector256<float> t0 = Avx.UnpackLow(r0, r1);
        Vector256<float> t1 = Avx.UnpackHigh(r0, r1);
        Vector256<float> t2 = Avx.UnpackLow(r2, r3);
        Vector256<float> t3 = Avx.UnpackHigh(r2, r3);
        return (
            Avx.Shuffle(t0, t2, 0b01_00_01_00), Avx.Shuffle(t0, t2, 0b11_10_11_10),
            Avx.Shuffle(t1, t3, 0b01_00_01_00), Avx.Shuffle(t1, t3, 0b11_10_11_10));
    }

    /// <summary>Lanes of 0 to 65535 to 16 bits.</summary>
    private static Vector128<ushort> Narrow(Vector256<int> value) =>
        Avx2.Permute4x64(Avx2.PackUnsignedSaturate(value, value).AsInt64(), 0b00_00_10_00).GetLower().AsUInt16();

    private static Vector256<float> FirstLanes(int count) =>
        Vector256.LessThan(Vector256.CreateSequence(0, 1), Vector256.Create(count)).AsSingle();
}
