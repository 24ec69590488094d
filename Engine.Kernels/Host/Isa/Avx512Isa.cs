using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels.Host;

/// <summary>Sixteen floats per register.</summary>
internal unsafe readonly struct Avx512Isa : IVectorIsa<Vector512<float>>
{
    public static int Width => 16;

    public static Vector512<float> Zero => Vector512<float>.Zero;

    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    public static Vector512<float> Load(float* address) => Vector512.Load(address);

    public static Vector512<float> LoadBFloat16(ushort* address) =>
        (Avx512F.ConvertToVector512UInt32(Vector256.Load(address)).AsInt32() << 16).AsSingle();

    public static void Store(Vector512<float> value, float* address) => value.Store(address);

    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    public static Vector512<float> Subtract(Vector512<float> left, Vector512<float> right) => left - right;

    public static Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => left * right;

    public static Vector512<float> Divide(Vector512<float> left, Vector512<float> right) => left / right;

    public static Vector512<float> MultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> addend) =>
        Avx512F.FusedMultiplyAdd(left, right, addend);

    public static Vector512<float> Max(Vector512<float> left, Vector512<float> right) => Vector512.Max(left, right);

    public static Vector512<float> Min(Vector512<float> left, Vector512<float> right) => Vector512.Min(left, right);

    public static Vector512<float> Abs(Vector512<float> value) => Vector512.Abs(value);

    public static Vector512<float> Sqrt(Vector512<float> value) => Vector512.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> value) =>
        Vector512.ConditionalSelect(
            Vector512.LessThan(value, Vector512.Create(-87f)), Vector512<float>.Zero, Vector512.Exp(value));

    public static Vector512<float> CopySign(Vector512<float> magnitude, Vector512<float> sign) =>
        Vector512.CopySign(magnitude, sign);

    public static float Sum(Vector512<float> value) => Vector512.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Vector512<float> value)
    {
        Vector256<float> half = Vector256.Max(value.GetLower(), value.GetUpper());
        return Avx2Isa.MaxLane(half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double DotDouble(Vector512<float> left, Vector512<float> right)
    {
        (Vector512<double> leftLow, Vector512<double> leftHigh) = Vector512.Widen(left);
        (Vector512<double> rightLow, Vector512<double> rightHigh) = Vector512.Widen(right);
        return Vector512.Sum((leftLow * rightLow) + (leftHigh * rightHigh));
    }
}
