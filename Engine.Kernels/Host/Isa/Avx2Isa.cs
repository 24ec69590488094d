using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels.Host;

/// <summary>Eight floats per register.</summary>
internal unsafe readonly struct Avx2Isa : IVectorIsa<Vector256<float>>
{
    public static int Width => 8;

    public static Vector256<float> Zero => Vector256<float>.Zero;

    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    public static Vector256<float> Load(float* address) => Vector256.Load(address);

    public static Vector256<float> LoadBFloat16(ushort* address) =>
        (Avx2.ConvertToVector256Int32(Vector128.Load(address)).AsInt32() << 16).AsSingle();

    public static void Store(Vector256<float> value, float* address) => value.Store(address);

    public static Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    public static Vector256<float> Subtract(Vector256<float> left, Vector256<float> right) => left - right;

    public static Vector256<float> Multiply(Vector256<float> left, Vector256<float> right) => left * right;

    public static Vector256<float> Divide(Vector256<float> left, Vector256<float> right) => left / right;

    public static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> addend) =>
        Fma.MultiplyAdd(left, right, addend);

    public static Vector256<float> Max(Vector256<float> left, Vector256<float> right) => Vector256.Max(left, right);

    public static Vector256<float> Min(Vector256<float> left, Vector256<float> right) => Vector256.Min(left, right);

    public static Vector256<float> Abs(Vector256<float> value) => Vector256.Abs(value);

    public static Vector256<float> Sqrt(Vector256<float> value) => Vector256.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> value) =>
        Vector256.ConditionalSelect(
            Vector256.LessThan(value, Vector256.Create(-87f)), Vector256<float>.Zero, Vector256.Exp(value));

    public static Vector256<float> CopySign(Vector256<float> magnitude, Vector256<float> sign) =>
        Vector256.CopySign(magnitude, sign);

    public static float Sum(Vector256<float> value) => Vector256.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Vector256<float> value)
    {
        Vector128<float> four = Vector128.Max(value.GetLower(), value.GetUpper());
        Vector128<float> two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double DotDouble(Vector256<float> left, Vector256<float> right)
    {
        (Vector256<double> leftLow, Vector256<double> leftHigh) = Vector256.Widen(left);
        (Vector256<double> rightLow, Vector256<double> rightHigh) = Vector256.Widen(right);
        return Vector256.Sum((leftLow * rightLow) + (leftHigh * rightHigh));
    }
}
