using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Bench;

/// <summary>Twelve independent chains of fused multiply-adds: enough to hide the latency of two pipes, few enough to stay in
/// registers.</summary>
internal static class FmaLoop
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Avx512(int rounds)
    {
        Vector512<float> x = Vector512.Create(0.5f);
        Vector512<float> y = Vector512.Create(0.25f);
        Vector512<float> c0 = x;
        Vector512<float> c1 = x;
        Vector512<float> c2 = x;
        Vector512<float> c3 = x;
        Vector512<float> c4 = x;
        Vector512<float> c5 = x;
        Vector512<float> c6 = x;
        Vector512<float> c7 = x;
        Vector512<float> c8 = x;
        Vector512<float> c9 = x;
        Vector512<float> c10 = x;
        Vector512<float> c11 = x;
        for (int i = 0; i < rounds; i++)
        {
            c0 = Avx512F.FusedMultiplyAdd(x, c0, y);
            c1 = Avx512F.FusedMultiplyAdd(x, c1, y);
            c2 = Avx512F.FusedMultiplyAdd(x, c2, y);
            c3 = Avx512F.FusedMultiplyAdd(x, c3, y);
            c4 = Avx512F.FusedMultiplyAdd(x, c4, y);
            c5 = Avx512F.FusedMultiplyAdd(x, c5, y);
            c6 = Avx512F.FusedMultiplyAdd(x, c6, y);
            c7 = Avx512F.FusedMultiplyAdd(x, c7, y);
            c8 = Avx512F.FusedMultiplyAdd(x, c8, y);
            c9 = Avx512F.FusedMultiplyAdd(x, c9, y);
            c10 = Avx512F.FusedMultiplyAdd(x, c10, y);
            c11 = Avx512F.FusedMultiplyAdd(x, c11, y);
        }
        return Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Avx2(int rounds)
    {
        Vector256<float> x = Vector256.Create(0.5f);
        Vector256<float> y = Vector256.Create(0.25f);
        Vector256<float> c0 = x;
        Vector256<float> c1 = x;
        Vector256<float> c2 = x;
        Vector256<float> c3 = x;
        Vector256<float> c4 = x;
        Vector256<float> c5 = x;
        Vector256<float> c6 = x;
        Vector256<float> c7 = x;
        Vector256<float> c8 = x;
        Vector256<float> c9 = x;
        Vector256<float> c10 = x;
        Vector256<float> c11 = x;
        for (int i = 0; i < rounds; i++)
        {
            c0 = Fma.MultiplyAdd(x, c0, y);
            c1 = Fma.MultiplyAdd(x, c1, y);
            c2 = Fma.MultiplyAdd(x, c2, y);
            c3 = Fma.MultiplyAdd(x, c3, y);
            c4 = Fma.MultiplyAdd(x, c4, y);
            c5 = Fma.MultiplyAdd(x, c5, y);
            c6 = Fma.MultiplyAdd(x, c6, y);
            c7 = Fma.MultiplyAdd(x, c7, y);
            c8 = Fma.MultiplyAdd(x, c8, y);
            c9 = Fma.MultiplyAdd(x, c9, y);
            c10 = Fma.MultiplyAdd(x, c10, y);
            c11 = Fma.MultiplyAdd(x, c11, y);
        }
        return Vector256.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Portable(int rounds)
    {
        Vector<float> x = new(0.5f);
        Vector<float> y = new(0.25f);
        Vector<float> c0 = x;
        Vector<float> c1 = x;
        Vector<float> c2 = x;
        Vector<float> c3 = x;
        Vector<float> c4 = x;
        Vector<float> c5 = x;
        Vector<float> c6 = x;
        Vector<float> c7 = x;
        Vector<float> c8 = x;
        Vector<float> c9 = x;
        Vector<float> c10 = x;
        Vector<float> c11 = x;
        for (int i = 0; i < rounds; i++)
        {
            c0 = (x * c0) + y;
            c1 = (x * c1) + y;
            c2 = (x * c2) + y;
            c3 = (x * c3) + y;
            c4 = (x * c4) + y;
            c5 = (x * c5) + y;
            c6 = (x * c6) + y;
            c7 = (x * c7) + y;
            c8 = (x * c8) + y;
            c9 = (x * c9) + y;
            c10 = (x * c10) + y;
            c11 = (x * c11) + y;
        }
        return Vector.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }
}
