using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels.Host;

/// <summary>
/// Transposes a few stored rows, four columns at a time, inside registers: four floats of each row are loaded straight into
/// the 128-bit lane where they belong, so that only two rounds of in-lane interleaving remain.
/// </summary>
internal static unsafe class PanelTranspose
{
    /// <summary>Columns per call.</summary>
    public const int Columns = 4;

    /// <summary>destination[c * stride + r] = rows[r][column + c] for 16 rows and 4 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Rows16<TFormat>(byte** rows, nint column, float* destination, nint stride)
        where TFormat : struct, IStorageFormat
    {
        Vector512<float> x0 = Gather4<TFormat>(rows, column);
        Vector512<float> x1 = Gather4<TFormat>(rows + 1, column);
        Vector512<float> x2 = Gather4<TFormat>(rows + 2, column);
        Vector512<float> x3 = Gather4<TFormat>(rows + 3, column);
        Vector512<double> low01 = Avx512F.UnpackLow(x0, x1).AsDouble();
        Vector512<double> high01 = Avx512F.UnpackHigh(x0, x1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(x2, x3).AsDouble();
        Vector512<double> high23 = Avx512F.UnpackHigh(x2, x3).AsDouble();
        Avx512F.UnpackLow(low01, low23).AsSingle().Store(destination);
        Avx512F.UnpackHigh(low01, low23).AsSingle().Store(destination + stride);
        Avx512F.UnpackLow(high01, high23).AsSingle().Store(destination + (2 * stride));
        Avx512F.UnpackHigh(high01, high23).AsSingle().Store(destination + (3 * stride));
    }

    /// <summary>destination[c * stride + r] = rows[r][column + c] for 8 rows and 4 columns.</summary>
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

    /// <summary>Four elements of rows 0, 4, 8 and 12, one row per lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gather4<TFormat>(byte** rows, nint column)
        where TFormat : struct, IStorageFormat
    {
        if (typeof(TFormat) == typeof(BFloat16Storage))
        {
            Vector256<ushort> bits = Vector256.Create(TwoQuads(rows, column), TwoQuads(rows + 8, column));
            return (Avx512F.ConvertToVector512UInt32(bits) << 16).AsSingle();
        }

        return Vector512.Create(Gather2<TFormat>(rows, column), Gather2<TFormat>(rows + 8, column));
    }

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
