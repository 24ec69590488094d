using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engine.Fusion;

/// <summary>
/// The inner loops of routers: float32 in memory, float64 in registers. Eight elements at a time, because by-row routers have eight
/// hidden units and the loop over their rows is the only long one.
/// </summary>
internal static class WideningLoops
{
    private const int Width = 8;

    /// <summary>Σ a_i b_i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<double> b)
    {
        b = b[..a.Length];
        Vector256<double> sum = Vector256<double>.Zero;
        int i = 0;
        for (; i <= a.Length - Width; i += Width)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Create(a.Slice(i, Width)));
            sum += low * Vector256.Create(b[i..]);
            sum += high * Vector256.Create(b[(i + 4)..]);
        }

        double result = Vector256.Sum(sum);
        for (; i < a.Length; i++)
        {
            result += a[i] * b[i];
        }

        return result;
    }

    /// <summary>Σ a_i b_i.</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        b = b[..a.Length];
        Vector256<double> sum = Vector256<double>.Zero;
        int i = 0;
        for (; i <= a.Length - Width; i += Width)
        {
            (Vector256<double> lowA, Vector256<double> highA) = Vector256.Widen(Vector256.Create(a.Slice(i, Width)));
            (Vector256<double> lowB, Vector256<double> highB) = Vector256.Widen(Vector256.Create(b.Slice(i, Width)));
            sum += lowA * lowB;
            sum += highA * highB;
        }

        double result = Vector256.Sum(sum);
        for (; i < a.Length; i++)
        {
            result += (double)a[i] * b[i];
        }

        return result;
    }

    /// <summary>Σ a_i b_i.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>destination_i += factor * source_i, in float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddScaled(ReadOnlySpan<float> source, double factor, Span<double> destination)
    {
        destination = destination[..source.Length];
        Vector256<double> scale = Vector256.Create(factor);
        int i = 0;
        for (; i <= source.Length - Width; i += Width)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Create(source.Slice(i, Width)));
            Span<double> target = destination.Slice(i, Width);
            (Vector256.Create<double>(target) + (low * scale)).CopyTo(target);
            (Vector256.Create<double>(target[4..]) + (high * scale)).CopyTo(target[4..]);
        }

        for (; i < source.Length; i++)
        {
            destination[i] += factor * source[i];
        }
    }

    /// <summary>destination_i += factor * source_i, computed in float64 and rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddScaled(ReadOnlySpan<double> source, double factor, Span<float> destination)
    {
        destination = destination[..source.Length];
        Vector256<double> scale = Vector256.Create(factor);
        int i = 0;
        for (; i <= source.Length - Width; i += Width)
        {
            Span<float> target = destination.Slice(i, Width);
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Create<float>(target));
            low += Vector256.Create(source[i..]) * scale;
            high += Vector256.Create(source[(i + 4)..]) * scale;
            Vector256.Narrow(low, high).CopyTo(target);
        }

        for (; i < source.Length; i++)
        {
            destination[i] = (float)(destination[i] + (factor * source[i]));
        }
    }
}
