using System;
using System.Collections.Generic;

namespace Engine.Fusion;

/// <summary>Spacing (Schott 1995): the spread of the distances of neighbouring points of a front. 0 means evenly spaced.</summary>
public static class Spacing
{
    /// <summary>The population standard deviation of each point's L1 distance to its nearest neighbour.</summary>
    /// <param name="points">n points of m objectives.</param>
    /// <returns>0 with fewer than two points.</returns>
    /// <exception cref="ArgumentException">Points of different lengths, or an entry that is not a number.</exception>
    public static double Of(IReadOnlyList<double[]> points)
    {
        ObjectivePoints.Require(points);
        if (points.Count < 2)
        {
            return 0;
        }

        double[] nearest = new double[points.Count];
        double mean = 0;
        for (int i = 0; i < nearest.Length; i++)
        {
            nearest[i] = double.PositiveInfinity;
            for (int j = 0; j < nearest.Length; j++)
            {
                nearest[i] = i == j ? nearest[i] : Math.Min(nearest[i], Distance(points[i], points[j]));
            }

            mean += nearest[i] / nearest.Length;
        }

        double variance = 0;
        foreach (double distance in nearest)
        {
            variance += (distance - mean) * (distance - mean) / nearest.Length;
        }

        return Math.Sqrt(variance);
    }

    private static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++)
        {
            sum += Math.Abs(a[k] - b[k]);
        }

        return sum;
    }
}
