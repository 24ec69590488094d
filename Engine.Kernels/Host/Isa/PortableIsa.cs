using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary><see cref="Vector{T}"/>: whatever the runtime offers on any processor.</summary>
internal unsafe readonly struct PortableIsa : IVectorIsa<Vector<float>>
{
    public static int Width => Vector<float>.Count;

    public static Vector<float> Zero => Vector<float>.Zero;

    public static Vector<float> LaneIndices => Vector<float>.Indices;

    public static Vector<float> Broadcast(float value) => new(value);

    public static Vector<float> Load(float* address) => Vector.Load(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> LoadPartial(float* address, int count)
    {
        Vector<float> value = Vector<float>.Zero;
        Unsafe.CopyBlockUnaligned(&value, address, (uint)count * sizeof(float));
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> LoadBFloat16(ushort* address)
    {
        Unsafe.SkipInit(out Vector<float> value);
        float* lanes = (float*)&value;
        for (int i = 0; i < Vector<float>.Count; i++)
        {
            lanes[i] = DTypes.WidenBFloat16(address[i]);
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> LoadFloat16(ushort* address)
    {
        Unsafe.SkipInit(out Vector<float> value);
        float* lanes = (float*)&value;
        for (int i = 0; i < Vector<float>.Count; i++)
        {
            lanes[i] = (float)BitConverter.UInt16BitsToHalf(address[i]);
        }

        return value;
    }

    public static void Store(Vector<float> value, float* address) => Vector.Store(value, address);

    public static void StorePartial(Vector<float> value, float* address, int count) =>
        Unsafe.CopyBlockUnaligned(address, &value, (uint)count * sizeof(float));

    public static void StoreBFloat16(Vector<float> value, ushort* address)
    {
        for (int i = 0; i < Vector<float>.Count; i++)
        {
            address[i] = DTypes.NarrowToBFloat16(value[i]);
        }
    }

    public static void StoreFloat16(Vector<float> value, ushort* address)
    {
        for (int i = 0; i < Vector<float>.Count; i++)
        {
            address[i] = BitConverter.HalfToUInt16Bits((Half)value[i]);
        }
    }

    public static Vector<float> Add(Vector<float> left, Vector<float> right) => left + right;

    public static Vector<float> Subtract(Vector<float> left, Vector<float> right) => left - right;

    public static Vector<float> Multiply(Vector<float> left, Vector<float> right) => left * right;

    public static Vector<float> Divide(Vector<float> left, Vector<float> right) => left / right;

    public static Vector<float> MultiplyAdd(Vector<float> left, Vector<float> right, Vector<float> addend) => (left * right) + addend;

    public static Vector<float> Max(Vector<float> left, Vector<float> right) => Vector.MaxNative(left, right);

    public static Vector<float> Min(Vector<float> left, Vector<float> right) => Vector.MinNative(left, right);

    public static Vector<float> Abs(Vector<float> value) => Vector.Abs(value);

    public static Vector<float> Sqrt(Vector<float> value) => Vector.SquareRoot(value);

    public static Vector<float> Log(Vector<float> value) => Vector.Log(value);

    public static Vector<float> SelectLess(Vector<float> left, Vector<float> right, Vector<float> whenLess, Vector<float> otherwise) =>
        Vector.ConditionalSelect(Vector.LessThan(left, right), whenLess, otherwise);

    public static Vector<float> ScaleByPowerOfTwo(Vector<float> value, Vector<float> shifted) =>
        Vector.AsVectorSingle(Vector.AsVectorInt32(value) + (Vector.AsVectorInt32(shifted) << 23));

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
    public static void AddToDouble(Vector<float> value, double* sums)
    {
        Vector.Widen(value, out Vector<double> low, out Vector<double> high);
        Vector.Store(Vector.Load(sums) + low, sums);
        Vector.Store(Vector.Load(sums + Vector<double>.Count) + high, sums + Vector<double>.Count);
    }

    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        for (int i = 0; i < Vector<float>.Count; i++)
        {
            for (int j = 0; j < Vector<float>.Count; j++)
            {
                destination[(j * destinationStride) + i] = source[(i * sourceStride) + j];
            }
        }
    }
}
