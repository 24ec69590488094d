using System;
using System.Collections.Generic;

namespace Engine.Fusion;

/// <summary>
/// The non-dominated filter. a dominates b if it is no worse in every objective and better in one; equal points do not dominate
/// each other and are all kept. O(n^2 m).
/// </summary>
public static class NonDominated
{
    /// <summary>Which points no other point dominates.</summary>
    /// <param name="points">n points of m objectives.</param>
    /// <param name="sense">Which direction is better, in all objectives.</param>
    /// <returns>[n], true for the points to keep.</returns>
    /// <exception cref="ArgumentException">Points of different lengths, or an entry that is not a number.</exception>
    public static bool[] Mask(IReadOnlyList<double[]> points, OptimizationSense sense)
    {
        ObjectivePoints.Require(points);
        int sign = sense == OptimizationSense.Minimize ? -1 : 1;
        bool[] kept = new bool[points.Count];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = true;
            for (int j = 0; j < kept.Length && kept[i]; j++)
            {
                kept[i] = !Dominates(points[j], points[i], sign);
            }
        }

        return kept;
    }

    /// <summary>True if a dominates b where larger (sign 1) or smaller (sign -1) is better.</summary>
    private static bool Dominates(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int sign)
    {
        bool better = false;
        for (int k = 0; k < a.Length; k++)
        {
            double gain = sign * (a[k] - b[k]);
            if (gain < 0)
            {
                return false;
            }

            better |= gain > 0;
        }

        return better;
    }
}
