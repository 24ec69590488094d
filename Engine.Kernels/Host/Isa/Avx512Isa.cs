using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels.Host;

/// <summary>Sixteen floats per register.</summary>
internal unsafe readonly struct Avx512Isa : IVectorIsa<Vector512<float>>
{
    public static int Width => 16;

    public static Vector512<float> Zero => Vector512<float>.Zero;

    public static Vector512<float> LaneIndices => Vector512.CreateSequence(0f, 1f);

    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    public static Vector512<float> Load(float* address) => Vector512.Load(address);

    public static Vector512<float> LoadPartial(float* address, int count) =>
        Avx512F.MaskLoad(address, FirstLanes(count), Vector512<float>.Zero);

    public static Vector512<float> LoadBFloat16(ushort* address) =>
        (Avx512F.ConvertToVector512UInt32(Vector256.Load(address)) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadFloat16(ushort* address)
    {
        Vector512<uint> half = Avx512F.ConvertToVector512UInt32(Vector256.Load(address));
        Vector512<uint> magnitude = (half & Vector512.Create(Float16Bits.MagnitudeMask)) << Float16Bits.MantissaShift;
        Vector512<uint> normal = magnitude + Vector512.Create(Float16Bits.ExponentBias);
        Vector512<uint> special = normal + Vector512.Create(Float16Bits.ExponentBias);
        Vector512<uint> subnormal = ((magnitude + Vector512.Create(Float16Bits.SubnormalOne)).AsSingle()
            - Vector512.Create(Float16Bits.SubnormalOne).AsSingle()).AsUInt32();
        Vector512<uint> result = Vector512.ConditionalSelect(
            Vector512.LessThan(magnitude, Vector512.Create(Float16Bits.SmallestNormal)), subnormal, normal);
        result = Vector512.ConditionalSelect(
            Vector512.LessThan(magnitude, Vector512.Create(Float16Bits.Infinity)), result, special);
        return (result | ((half & Vector512.Create(Float16Bits.SignMask)) << 16)).AsSingle();
    }

    public static void Store(Vector512<float> value, float* address) => value.Store(address);

    public static void StorePartial(Vector512<float> value, float* address, int count) =>
        Avx512F.MaskStore(address, FirstLanes(count), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(Vector512<float> value, ushort* address)
    {
        Vector512<int> bits = value.AsInt32();
        Vector512<int> upper = Vector512.ShiftRightLogical(bits, 16);
        Vector512<int> odd = upper & Vector512.Create(1);
        Vector512<int> rounded = Vector512.ShiftRightLogical(bits + odd + Vector512.Create(0x7FFF), 16);
        Vector512<int> magnitude = bits & Vector512.Create(int.MaxValue);
        Vector512<int> result = Vector512.ConditionalSelect(
            Vector512.GreaterThan(magnitude, Vector512.Create(Float16Bits.SingleInfinity)), upper | Vector512.Create(0x0040), rounded);
        Avx512F.ConvertToVector256UInt16(result.AsUInt32()).Store(address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFloat16(Vector512<float> value, ushort* address)
    {
        Vector512<int> bits = value.AsInt32();
        Vector512<int> magnitude = bits & Vector512.Create(int.MaxValue);
        Vector512<int> sign = Vector512.ShiftRightLogical(bits ^ magnitude, 16);
        Vector512<int> odd = Vector512.ShiftRightLogical(magnitude, Float16Bits.MantissaShift) & Vector512.Create(1);
        Vector512<int> normal = Vector512.ShiftRightLogical(
            magnitude - Vector512.Create((int)Float16Bits.ExponentBias) + Vector512.Create(Float16Bits.HalfUlpBelow) + odd, Float16Bits.MantissaShift);
        Vector512<int> subnormal = (magnitude.AsSingle() + Vector512.Create(0.5f)).AsInt32() - Vector512.Create(0.5f).AsInt32();
        Vector512<int> result = Vector512.ConditionalSelect(
            Vector512.LessThan(magnitude, Vector512.Create((int)Float16Bits.SubnormalOne)), subnormal, normal);
        Vector512<int> special = Vector512.ConditionalSelect(
            Vector512.GreaterThan(magnitude, Vector512.Create(Float16Bits.SingleInfinity)), Vector512.Create(0x7E00), Vector512.Create(0x7C00));
        result = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(Float16Bits.Overflow)), result, special) | sign;
        Avx512F.ConvertToVector256UInt16(result.AsUInt32()).Store(address);
    }

    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    public static Vector512<float> Subtract(Vector512<float> left, Vector512<float> right) => left - right;

    public static Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => left * right;

    public static Vector512<float> Divide(Vector512<float> left, Vector512<float> right) => left / right;

    public static Vector512<float> MultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> addend) =>
        Avx512F.FusedMultiplyAdd(left, right, addend);

    public static Vector512<float> Max(Vector512<float> left, Vector512<float> right) => Vector512.MaxNative(left, right);

    public static Vector512<float> Min(Vector512<float> left, Vector512<float> right) => Vector512.MinNative(left, right);

    public static Vector512<float> Abs(Vector512<float> value) => Vector512.Abs(value);

    public static Vector512<float> Sqrt(Vector512<float> value) => Vector512.Sqrt(value);

    public static Vector512<float> Log(Vector512<float> value) => Vector512.Log(value);

    public static Vector512<float> SelectLess(
        Vector512<float> left, Vector512<float> right, Vector512<float> whenLess, Vector512<float> otherwise) =>
        Vector512.ConditionalSelect(Vector512.LessThan(left, right), whenLess, otherwise);

    public static Vector512<float> ScaleByPowerOfTwo(Vector512<float> value, Vector512<float> shifted) =>
        (value.AsInt32() + (shifted.AsInt32() << 23)).AsSingle();

    public static float Sum(Vector512<float> value) => Vector512.Sum(value);

    public static float MaxLane(Vector512<float> value) => Avx2Isa.MaxLane(Vector256.MaxNative(value.GetLower(), value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddToDouble(Vector512<float> value, double* sums)
    {
        (Vector512<double> low, Vector512<double> high) = Vector512.Widen(value);
        (Vector512.Load(sums) + low).Store(sums);
        (Vector512.Load(sums + 8) + high).Store(sums + 8);
    }

    /// <summary>Four blocks of 8 x 8: half the shuffles of a 16 x 16 network per port, and no second network to maintain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        Avx2Isa.Transpose(source, sourceStride, destination, destinationStride);
        Avx2Isa.Transpose(source + 8, sourceStride, destination + (8 * destinationStride), destinationStride);
        Avx2Isa.Transpose(source + (8 * sourceStride), sourceStride, destination + 8, destinationStride);
        Avx2Isa.Transpose(
            source + (8 * sourceStride) + 8, sourceStride, destination + (8 * destinationStride) + 8, destinationStride);
    }

    private static Vector512<float> FirstLanes(int count) =>
        Vector512.LessThan(Vector512.CreateSequence(0, 1), Vector512.Create(count)).AsSingle();
}
