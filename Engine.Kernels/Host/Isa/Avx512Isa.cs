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
