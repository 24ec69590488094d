using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// e^x on registers, in float32. x = n ln 2 + r with |r| at most ln(2) / 2 (Cody and Waite's reduction: ln 2 in two parts, the first
/// with few enough bits that n times it is exact), e^r by a polynomial of degree 6, 2^n by adding to the exponent field.
/// Polynomial: interpolation of (e^r - 1 - r) / r^2 at Chebyshev nodes, coefficients rounded to float32, relative error 1e-8.
/// Measured over the whole range: relative error 7.9e-8 with FMA, 9.7e-8 without (a unit in the last place is up to 1.2e-7).
/// </summary>
internal static class VectorExp<TIsa, TVector>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : struct
{
    // Below, results would soon be subnormal; they are flushed to zero, which is also the value at minus infinity.
    private const float Smallest = -87f;

    // ln of the largest float32.
    private const float Largest = 88.7228f;

    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // Adding 1.5 * 2^23 leaves the nearest integer in the low mantissa bits.
    private const float RoundingShift = 12582912f;

    private const float C2 = 0.5f;
    private const float C3 = 0.16666577756404877f;
    private const float C4 = 0.041666556149721146f;
    private const float C5 = 0.008363173343241215f;
    private const float C6 = 0.0013926175888627768f;

    /// <summary>e^x; 0 below -87, infinity above 88.72, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x) =>
        TIsa.SelectLess(TIsa.Broadcast(Largest), x, TIsa.Broadcast(float.PositiveInfinity), ExpNonPositive(x));

    /// <summary>e^x for x up to 88.72, as in a softmax after its maximum has been subtracted; 0 below -87, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpNonPositive(TVector x)
    {
        TVector shifted = TIsa.MultiplyAdd(x, TIsa.Broadcast(Log2E), TIsa.Broadcast(RoundingShift));
        TVector n = TIsa.Subtract(shifted, TIsa.Broadcast(RoundingShift));
        TVector r = TIsa.MultiplyAdd(n, TIsa.Broadcast(-Ln2High), x);
        r = TIsa.MultiplyAdd(n, TIsa.Broadcast(-Ln2Low), r);

        TVector p = TIsa.MultiplyAdd(TIsa.Broadcast(C6), r, TIsa.Broadcast(C5));
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(C4));
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(C3));
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(C2));
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(1f));
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(1f));
        return TIsa.SelectLess(x, TIsa.Broadcast(Smallest), TIsa.Zero, TIsa.ScaleByPowerOfTwo(p, shifted));
    }
}
