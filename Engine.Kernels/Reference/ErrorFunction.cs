using System;

namespace Engine.Kernels.Reference;

/// <summary>erf and erfc in double, to about 1e-15: a series near zero, a continued fraction in the tails (DLMF 7.6.2 and 7.9.1).</summary>
internal static class ErrorFunction
{
    /// <summary>From here on the fraction converges in fewer than <see cref="FractionDepth"/> levels.</summary>
    private const double TailStart = 2.5;

    private const int FractionDepth = 120;

    /// <summary>2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x.</summary>
    public static double Erf(double x) => Math.Abs(x) < TailStart ? Series(x) : Math.CopySign(1 - Tail(Math.Abs(x)), x);

    /// <summary>1 - erf(x), without cancellation for large x.</summary>
    public static double Erfc(double x) => x >= TailStart ? Tail(x) : 1 - Erf(x);

    /// <summary>2 / sqrt(pi) exp(-x^2) times the sum over n of 2^n x^(2n + 1) / (1 * 3 * ... * (2n + 1)): terms of one sign.</summary>
    private static double Series(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>exp(-x^2) / sqrt(pi) / (x + (1/2) / (x + (2/2) / (x + (3/2) / (x + ...)))).</summary>
    private static double Tail(double x)
    {
        double fraction = x;
        for (int level = FractionDepth; level > 0; level--)
        {
            fraction = x + (level / 2.0 / fraction);
        }

        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * fraction);
    }
}
