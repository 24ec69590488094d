using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels.Host;

/// <summary>
/// Transposes blocks of stored rows inside registers: interleaving within 128-bit lanes, then exchange of lanes.
/// </summary>
internal static unsafe class PanelTranspose
{
    /// <summary>Columns per call of <see cref="Rows16"/>.</summary>
    public const int Columns16 = 16;

    /// <summary>Columns per call of <see cref="Rows8"/>.</summary>
    public const int Columns8 = 4;

    /// <summary>destination[c * stride + r] = rows[r][column + c] for 16 rows and 16 columns: one whole cache line of every row of
    /// float32. Rows whose distance is a multiple of 4 kB share one set of the first-level cache, which could not keep sixteen lines for a
    /// second visit. Results are stored in ascending order of columns: a panel narrower than 16 lets each store overwrite the overshoot
    /// of the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Rows16<TFormat>(byte** rows, nint column, float* destination, nint stride)
        where TFormat : struct, IStorageFormat
    {
        (Vector512<float> a0, Vector512<float> b0, Vector512<float> c0, Vector512<float> d0) = Interleave<TFormat>(rows, column);
        (Vector512<float> a1, Vector512<float> b1, Vector512<float> c1, Vector512<float> d1) = Interleave<TFormat>(rows + 4, column);
        (Vector512<float> a2, Vector512<float> b2, Vector512<float> c2, Vector512<float> d2) = Interleave<TFormat>(rows + 8, column);
        (Vector512<float> a3, Vector512<float> b3, Vector512<float> c3, Vector512<float> d3) = Interleave<TFormat>(rows + 12, column);
        (Vector512<float> x0, Vector512<float> x4, Vector512<float> x8, Vector512<float> x12) = ExchangeLanes(a0, a1, a2, a3);
        (Vector512<float> x1, Vector512<float> x5, Vector512<float> x9, Vector512<float> x13) = ExchangeLanes(b0, b1, b2, b3);
        (Vector512<float> x2, Vector512<float> x6, Vector512<float> x10, Vector512<float> x14) = ExchangeLanes(c0, c1, c2, c3);
        (Vector512<float> x3, Vector512<float> x7, Vector512<float> x11, Vector512<float> x15) = ExchangeLanes(d0, d1, d2, d3);
        x0.Store(destination);
        x1.Store(destination + stride);
        x2.Store(destination + (2 * stride));
        x3.Store(destination + (3 * stride));
        x4.Store(destination + (4 * stride));
        x5.Store(destination + (5 * stride));
        x6.Store(destination + (6 * stride));
        x7.Store(destination + (7 * stride));
        x8.Store(destination + (8 * stride));
        x9.Store(destination + (9 * stride));
        x10.Store(destination + (10 * stride));
        x11.Store(destination + (11 * stride));
        x12.Store(destination + (12 * stride));
        x13.Store(destination + (13 * stride));
        x14.Store(destination + (14 * stride));
        x15.Store(destination + (15 * stride));
    }

    /// <summary>destination[c * stride + r] = rows[r][column + c] for 8 rows and 4 columns: four floats of each row are loaded straight
    /// into the lane where they belong, so that only the interleaving remains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Rows8<TFormat>(byte** rows, nint column, float* destination, nint stride)
        where TFormat : struct, IStorageFormat
    {
        Vector256<float> x0 = Gather2<TFormat>(rows, column);
        Vector256<float> x1 = Gather2<TFormat>(rows + 1, column);
        Vector256<float> x2 = Gather2<TFormat>(rows + 2, column);
        Vector256<float> x3 = Gather2<TFormat>(rows + 3, column);
        Vector256<double> low01 = Avx.UnpackLow(x0, x1).AsDouble();
        Vector256<double> high01 = Avx.UnpackHigh(x0, x1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(x2, x3).AsDouble();
        Vector256<double> high23 = Avx.UnpackHigh(x2, x3).AsDouble();
        Avx.UnpackLow(low01, low23).AsSingle().Store(destination);
        Avx.UnpackHigh(low01, low23).AsSingle().Store(destination + stride);
        Avx.UnpackLow(high01, high23).AsSingle().Store(destination + (2 * stride));
        Avx.UnpackHigh(high01, high23).AsSingle().Store(destination + (3 * stride));
    }

    /// <summary>Four rows of sixteen columns, interleaved within lanes: lane l of result c holds column 4 l + c of the four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> C0, Vector512<float> C1, Vector512<float> C2, Vector512<float> C3) Interleave<TFormat>(
        byte** rows, nint column)
        where TFormat : struct, IStorageFormat
    {
        Vector512<float> x0 = Load16<TFormat>(rows[0], column);
        Vector512<float> x1 = Load16<TFormat>(rows[1], column);
        Vector512<float> x2 = Load16<TFormat>(rows[2], column);
        Vector512<float> x3 = Load16<TFormat>(rows[3], column);
        Vector512<double> low01 = Avx512F.UnpackLow(x0, x1).AsDouble();
        Vector512<double> high01 = Avx512F.UnpackHigh(x0, x1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(x2, x3).AsDouble();
        Vector512<double> high23 = Avx512F.UnpackHigh(x2, x3).AsDouble();
        return (
            Avx512F.UnpackLow(low01, low23).AsSingle(),
            Avx512F.UnpackHigh(low01, low23).AsSingle(),
            Avx512F.UnpackLow(high01, high23).AsSingle(),
            Avx512F.UnpackHigh(high01, high23).AsSingle());
    }

    /// <summary>Transposes the 4 x 4 lanes of four registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> L0, Vector512<float> L1, Vector512<float> L2, Vector512<float> L3) ExchangeLanes(
        Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, Vector512<float> x3)
    {
        Vector512<float> even01 = Avx512F.Shuffle4x128(x0, x1, 0x88);
        Vector512<float> odd01 = Avx512F.Shuffle4x128(x0, x1, 0xDD);
        Vector512<float> even23 = Avx512F.Shuffle4x128(x2, x3, 0x88);
        Vector512<float> odd23 = Avx512F.Shuffle4x128(x2, x3, 0xDD);
        return (
            Avx512F.Shuffle4x128(even01, even23, 0x88),
            Avx512F.Shuffle4x128(odd01, odd23, 0x88),
            Avx512F.Shuffle4x128(even01, even23, 0xDD),
            Avx512F.Shuffle4x128(odd01, odd23, 0xDD));
    }

    /// <summary>Sixteen elements of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load16<TFormat>(byte* row, nint column)
        where TFormat : struct, IStorageFormat => TFormat.Load<Avx512Isa, Vector512<float>>(row, column);

    /// <summary>Four elements of rows 0 and 4, one row per lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Gather2<TFormat>(byte** rows, nint column)
        where TFormat : struct, IStorageFormat
    {
        if (typeof(TFormat) == typeof(BFloat16Storage))
        {
            return (Avx2.ConvertToVector256Int32(TwoQuads(rows, column)) << 16).AsSingle();
        }

        return Vector256.Create(Vector128.Load((float*)rows[0] + column), Vector128.Load((float*)rows[4] + column));
    }

    /// <summary>Four 16-bit elements of row 0, then four of row 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> TwoQuads(byte** rows, nint column)
    {
        Vector128<double> low = Sse2.LoadScalarVector128((double*)((ushort*)rows[0] + column));
        return Sse2.LoadHigh(low, (double*)((ushort*)rows[4] + column)).AsUInt16();
    }
}
