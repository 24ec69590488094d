using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>Reductions of one row, in a fixed order: four interleaved partial sums hide the latency of the adder.</summary>
internal static unsafe class RowReductions<TIsa, TVector>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : struct
{
    /// <summary>sum x[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum(float* x, int count)
    {
        TVector s0 = TIsa.Zero;
        TVector s1 = TIsa.Zero;
        TVector s2 = TIsa.Zero;
        TVector s3 = TIsa.Zero;
        int width = TIsa.Width;
        int i = 0;
        for (; i + (4 * width) <= count; i += 4 * width)
        {
            s0 = TIsa.Add(s0, TIsa.Load(x + i));
            s1 = TIsa.Add(s1, TIsa.Load(x + i + width));
            s2 = TIsa.Add(s2, TIsa.Load(x + i + (2 * width)));
            s3 = TIsa.Add(s3, TIsa.Load(x + i + (3 * width)));
        }

        for (; i < count; i += width)
        {
            s0 = TIsa.Add(s0, Lanes<TIsa, TVector>.Load(x + i, count - i));
        }

        return TIsa.Sum(TIsa.Add(TIsa.Add(s0, s1), TIsa.Add(s2, s3)));
    }

    /// <summary>sum (x[i] - center)^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SumSquares(float* x, int count, float center)
    {
        TVector mean = TIsa.Broadcast(center);
        TVector s0 = TIsa.Zero;
        TVector s1 = TIsa.Zero;
        TVector s2 = TIsa.Zero;
        TVector s3 = TIsa.Zero;
        int width = TIsa.Width;
        int i = 0;
        for (; i + (4 * width) <= count; i += 4 * width)
        {
            TVector d0 = TIsa.Subtract(TIsa.Load(x + i), mean);
            TVector d1 = TIsa.Subtract(TIsa.Load(x + i + width), mean);
            TVector d2 = TIsa.Subtract(TIsa.Load(x + i + (2 * width)), mean);
            TVector d3 = TIsa.Subtract(TIsa.Load(x + i + (3 * width)), mean);
            s0 = TIsa.MultiplyAdd(d0, d0, s0);
            s1 = TIsa.MultiplyAdd(d1, d1, s1);
            s2 = TIsa.MultiplyAdd(d2, d2, s2);
            s3 = TIsa.MultiplyAdd(d3, d3, s3);
        }

        for (; i < count; i += width)
        {
            TVector d = TIsa.Subtract(Lanes<TIsa, TVector>.Load(x + i, count - i), mean);
            d = Lanes<TIsa, TVector>.Keep(d, count - i, 0);
            s0 = TIsa.MultiplyAdd(d, d, s0);
        }

        return TIsa.Sum(TIsa.Add(TIsa.Add(s0, s1), TIsa.Add(s2, s3)));
    }

    /// <summary>sum x[i] y[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* x, float* y, int count)
    {
        TVector s0 = TIsa.Zero;
        TVector s1 = TIsa.Zero;
        TVector s2 = TIsa.Zero;
        TVector s3 = TIsa.Zero;
        int width = TIsa.Width;
        int i = 0;
        for (; i + (4 * width) <= count; i += 4 * width)
        {
            s0 = TIsa.MultiplyAdd(TIsa.Load(x + i), TIsa.Load(y + i), s0);
            s1 = TIsa.MultiplyAdd(TIsa.Load(x + i + width), TIsa.Load(y + i + width), s1);
            s2 = TIsa.MultiplyAdd(TIsa.Load(x + i + (2 * width)), TIsa.Load(y + i + (2 * width)), s2);
            s3 = TIsa.MultiplyAdd(TIsa.Load(x + i + (3 * width)), TIsa.Load(y + i + (3 * width)), s3);
        }

        for (; i < count; i += width)
        {
            s0 = TIsa.MultiplyAdd(Lanes<TIsa, TVector>.Load(x + i, count - i), Lanes<TIsa, TVector>.Load(y + i, count - i), s0);
        }

        return TIsa.Sum(TIsa.Add(TIsa.Add(s0, s1), TIsa.Add(s2, s3)));
    }

    /// <summary>max x[i]; count is at least 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* x, int count)
    {
        int width = TIsa.Width;
        TVector m0 = Lanes<TIsa, TVector>.Keep(Lanes<TIsa, TVector>.Load(x, count), count, float.NegativeInfinity);
        TVector m1 = m0;
        int i = width;
        for (; i + (2 * width) <= count; i += 2 * width)
        {
            m0 = TIsa.Max(m0, TIsa.Load(x + i));
            m1 = TIsa.Max(m1, TIsa.Load(x + i + width));
        }

        for (; i < count; i += width)
        {
            TVector value = Lanes<TIsa, TVector>.Load(x + i, count - i);
            m0 = TIsa.Max(m0, Lanes<TIsa, TVector>.Keep(value, count - i, float.NegativeInfinity));
        }

        return TIsa.MaxLane(TIsa.Max(m0, m1));
    }
}
