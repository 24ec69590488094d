using System;

namespace Engine.Fusion;

/// <summary>Whether more preference for a task means more of it, along a grid of preferences.</summary>
public static class PreferenceAlignment
{
    /// <summary>Spearman's rank correlation, ties at their mean rank.</summary>
    /// <param name="x">For example one task's preference at each grid point [n].</param>
    /// <param name="y">For example its accuracy there [n].</param>
    /// <returns>-1 to 1; NaN if either is constant, or with fewer than two points.</returns>
    /// <exception cref="ArgumentException">Lengths differ, or an entry is not a number.</exception>
    public static double Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Require(x, y);
        double[] ranksX = Ranks(x);
        double[] ranksY = Ranks(y);
        double mean = (x.Length + 1) / 2.0;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < ranksX.Length; i++)
        {
            double dx = ranksX[i] - mean;
            double dy = ranksY[i] - mean;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }

        return xy / Math.Sqrt(xx * yy);
    }

    /// <summary>
    /// How often a step to more preference lowers the score. Grid points of equal preference for the task count as one, at their mean.
    /// </summary>
    /// <param name="preference">One task's preference at each grid point [n].</param>
    /// <param name="score">Its score there [n], larger is better.</param>
    /// <param name="tolerance">Largest drop that does not count.</param>
    /// <exception cref="ArgumentException">Lengths differ, or an entry is not a number.</exception>
    public static int MonotonicityViolations(ReadOnlySpan<double> preference, ReadOnlySpan<double> score, double tolerance = 0)
    {
        Require(preference, score);
        double[] levels = preference.ToArray();
        double[] values = score.ToArray();
        Array.Sort(levels, values);
        int violations = 0;
        double previous = double.NegativeInfinity;
        for (int start = 0, end; start < levels.Length; start = end)
        {
            double sum = 0;
            for (end = start; end < levels.Length && levels[end] == levels[start]; end++)
            {
                sum += values[end];
            }

            double mean = sum / (end - start);
            violations += mean < previous - tolerance ? 1 : 0;
            previous = mean;
        }

        return violations;
    }

    private static double[] Ranks(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        int[] order = new int[sorted.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(sorted, order);
        double[] ranks = new double[sorted.Length];
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start; end < sorted.Length && sorted[end] == sorted[start]; end++)
            {
            }

            for (int i = start; i < end; i++)
            {
                ranks[order[i]] = (start + 1 + end) / 2.0;
            }
        }

        return ranks;
    }

    private static void Require(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"The two series are of one length, found {x.Length} and {y.Length}.", nameof(y));
        }

        for (int i = 0; i < x.Length; i++)
        {
            if (double.IsNaN(x[i]) || double.IsNaN(y[i]))
            {
                throw new ArgumentException($"Entry {i} is not a number.");
            }
        }
    }
}
