using System;

namespace Engine.Fusion;

/// <summary>
/// How well losses match a preference (Mahapatra and Rajan, ICML 2020, section 3): all r_t l_t are equal on the ray that r asks for.
/// </summary>
public static class Uniformity
{
    private const double MachineEpsilon = 2.220446049250313e-16;

    /// <summary>1 - μ with μ = KL(q || uniform) and q_t proportional to r_t l_t: 1 on the ray, at least 1 - ln T.</summary>
    /// <param name="losses">l [T], not negative and not all zero.</param>
    /// <param name="preference">r [T], not negative.</param>
    /// <exception cref="ArgumentException">Lengths differ, or the r_t l_t are no shares of a positive sum.</exception>
    public static double Of(ReadOnlySpan<double> losses, ReadOnlySpan<double> preference)
    {
        if (losses.Length != preference.Length)
        {
            throw new ArgumentException($"For {losses.Length} losses, found a preference of {preference.Length}.", nameof(preference));
        }

        double[] relative = new double[losses.Length];
        double sum = 0;
        for (int t = 0; t < relative.Length; t++)
        {
            relative[t] = losses[t] * preference[t];
            if (!(relative[t] >= 0))
            {
                throw new ArgumentException($"Losses and preference are not negative, found {losses[t]:R} and {preference[t]:R} at [{t}].");
            }

            sum += relative[t];
        }

        return sum > 0 ? 1 - Divergence(relative, sum) : throw new ArgumentException("All products of loss and preference are zero.");
    }

    /// <summary>μ of the shares relative_t / sum.</summary>
    internal static double Divergence(ReadOnlySpan<double> relative, double sum)
    {
        double divergence = 0;
        foreach (double product in relative)
        {
            double share = product / sum;
            divergence += share > MachineEpsilon ? share * Math.Log(share * relative.Length) : 0;
        }

        return Math.Max(divergence, 0);
    }
}
