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
    public static void Rows16(float** rows, nint column, float* destination, nint stride)
    {
        Vector512<float> x0 = Gather(rows, column);
        Vector512<float> x1 = Gather(rows + 1, column);
        Vector512<float> x2 = Gather(rows + 2, column);
        Vector512<float> x3 = Gather(rows + 3, column);
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
    public static void Rows8(float** rows, nint column, float* destination, nint stride)
    {
        Vector256<float> x0 = Vector256.Create(Vector128.Load(rows[0] + column), Vector128.Load(rows[4] + column));
        Vector256<float> x1 = Vector256.Create(Vector128.Load(rows[1] + column), Vector128.Load(rows[5] + column));
        Vector256<float> x2 = Vector256.Create(Vector128.Load(rows[2] + column), Vector128.Load(rows[6] + column));
        Vector256<float> x3 = Vector256.Create(Vector128.Load(rows[3] + column), Vector128.Load(rows[7] + column));
        Vector256<double> low01 = Avx.UnpackLow(x0, x1).AsDouble();
        Vector256<double> high01 = Avx.UnpackHigh(x0, x1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(x2, x3).AsDouble();
        Vector256<double> high23 = Avx.UnpackHigh(x2, x3).AsDouble();
        Avx.UnpackLow(low01, low23).AsSingle().Store(destination);
        Avx.UnpackHigh(low01, low23).AsSingle().Store(destination + stride);
        Avx.UnpackLow(high01, high23).AsSingle().Store(destination + (2 * stride));
        Avx.UnpackHigh(high01, high23).AsSingle().Store(destination + (3 * stride));
    }

    /// <summary>Four floats of rows 0, 4, 8 and 12, one row per lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gather(float** rows, nint column) => Vector512.Create(
        Vector256.Create(Vector128.Load(rows[0] + column), Vector128.Load(rows[4] + column)),
        Vector256.Create(Vector128.Load(rows[8] + column), Vector128.Load(rows[12] + column)));
}
