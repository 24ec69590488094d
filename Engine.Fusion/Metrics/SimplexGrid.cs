using System;
using System.Collections.Generic;

namespace Engine.Fusion;

/// <summary>Evenly spaced preferences (Das and Dennis 1998), in the order of the PWEMoE reference.</summary>
public static class SimplexGrid
{
    /// <summary>
    /// All vectors of non-negative multiples of 1 / (m - 1) that sum to 1: the tuples 0 ≤ k_1 ≤ .. ≤ k_(n-1) ≤ m - 1 in lexicographic
    /// order, successive differences of (0, k_1, .., k_(n-1), m - 1), divided by m - 1. So 2 objectives and 3 points give (0, 1),
    /// (0.5, 0.5), (1, 0).
    /// </summary>
    /// <param name="objectives">n, at least 1.</param>
    /// <param name="pointsPerEdge">m, at least 2.</param>
    /// <returns>C(m + n - 2, n - 1) vectors of n entries.</returns>
    public static IReadOnlyList<double[]> Generate(int objectives, int pointsPerEdge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(objectives, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pointsPerEdge, 2);
        int steps = pointsPerEdge - 1;
        int[] cuts = new int[objectives + 1];
        cuts[objectives] = steps;
        List<double[]> grid = [];
        do
        {
            double[] point = new double[objectives];
            for (int i = 0; i < objectives; i++)
            {
                point[i] = (double)(cuts[i + 1] - cuts[i]) / steps;
            }

            grid.Add(point);
        }
        while (Advance(cuts, steps));
        return grid;
    }

    /// <summary>The number of vectors of <see cref="Generate"/>.</summary>
    /// <param name="objectives">n, at least 1.</param>
    /// <param name="pointsPerEdge">m, at least 2.</param>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public static long Count(int objectives, int pointsPerEdge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(objectives, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pointsPerEdge, 2);
        long count = 1;
        for (int i = 1; i < objectives; i++)
        {
            count = checked(count * (pointsPerEdge - 1 + i)) / i;
        }

        return count;
    }

    /// <summary>The next non-decreasing tuple in lexicographic order; the first and the last cut are fixed.</summary>
    private static bool Advance(int[] cuts, int steps)
    {
        for (int i = cuts.Length - 2; i >= 1; i--)
        {
            if (cuts[i] < steps)
            {
                Array.Fill(cuts, cuts[i] + 1, i, cuts.Length - 1 - i);
                return true;
            }
        }

        return false;
    }
}
