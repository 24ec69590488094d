using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary><see cref="Vector{T}"/>: whatever the runtime offers on any processor.</summary>
internal unsafe readonly struct PortableIsa : IVectorIsa<Vector<float>>
{
    public static int Width => Vector<float>.Count;

    public static Vector<float> Zero => Vector<float>.Zero;

    public static Vector<float> Broadcast(float value) => new(value);

    public static Vector<float> Load(float* address) => Vector.Load(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> LoadBFloat16(ushort* address)
    {
        Unsafe.SkipInit(out Vector<uint> widened);
        for (int i = 0; i < Vector<uint>.Count; i++)
        {
            widened = Vector.WithElement(widened, i, (uint)address[i] << 16);
        }

        return Vector.AsVectorSingle(widened);
    }

    public static void Store(Vector<float> value, float* address) => Vector.Store(value, address);

    public static Vector<float> Add(Vector<float> left, Vector<float> right) => left + right;

    public static Vector<float> Subtract(Vector<float> left, Vector<float> right) => left - right;

    public static Vector<float> Multiply(Vector<float> left, Vector<float> right) => left * right;

    public static Vector<float> Divide(Vector<float> left, Vector<float> right) => left / right;

    public static Vector<float> MultiplyAdd(Vector<float> left, Vector<float> right, Vector<float> addend) => (left * right) + addend;

    public static Vector<float> Max(Vector<float> left, Vector<float> right) => Vector.Max(left, right);

    public static Vector<float> Min(Vector<float> left, Vector<float> right) => Vector.Min(left, right);

    public static Vector<float> Abs(Vector<float> value) => Vector.Abs(value);

    public static Vector<float> Sqrt(Vector<float> value) => Vector.SquareRoot(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> value) =>
        Vector.ConditionalSelect(Vector.LessThan(value, new Vector<float>(-87f)), Vector<float>.Zero, Vector.Exp(value));

    public static Vector<float> CopySign(Vector<float> magnitude, Vector<float> sign) => Vector.CopySign(magnitude, sign);

    public static float Sum(Vector<float> value) => Vector.Sum(value);

    public static float MaxLane(Vector<float> value)
    {
        float max = value[0];
        for (int i = 1; i < Vector<float>.Count; i++)
        {
            max = value[i] > max ? value[i] : max;
        }

        return max;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double DotDouble(Vector<float> left, Vector<float> right)
    {
        Vector.Widen(left, out Vector<double> leftLow, out Vector<double> leftHigh);
        Vector.Widen(right, out Vector<double> rightLow, out Vector<double> rightHigh);
        return Vector.Sum((leftLow * rightLow) + (leftHigh * rightHigh));
    }
}
