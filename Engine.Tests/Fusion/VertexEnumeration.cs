using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.Tests;

/// <summary>Brute force for programs over the simplex: every choice of n - 1 tight constraints, solved and checked.</summary>
internal static class VertexEnumeration
{
    /// <summary>The largest c . w with A w ≥ b, w on the simplex; null if there is none.</summary>
    public static double? Maximum(double[] objective, double[][] rows, double[] bounds)
    {
        int n = objective.Length;
        List<(double[] Row, double Bound)> constraints =
        [
            .. rows.Zip(bounds),
            .. Enumerable.Range(0, n).Select(i => (Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0.0).ToArray(), 0.0)),
        ];
        double? best = null;
        for (int subset = 0; subset < 1 << constraints.Count; subset++)
        {
            if (int.PopCount(subset) != n - 1)
            {
                continue;
            }

            List<(double[] Row, double Bound)> tight = [.. constraints.Where((_, k) => (subset >> k & 1) == 1)];
            tight.Add(([.. Enumerable.Repeat(1.0, n)], 1));
            if (Solve(tight) is double[] vertex && constraints.TrueForAll(c => RouterOracle.Dot(c.Row, vertex) >= c.Bound - 1e-9))
            {
                best = Math.Max(best ?? double.NegativeInfinity, RouterOracle.Dot(objective, vertex));
            }
        }

        return best;
    }

    private static double[]? Solve(List<(double[] Row, double Bound)> equations)
    {
        int n = equations.Count;
        double[][] system = [.. equations.Select(e => (double[])[.. e.Row, e.Bound])];
        for (int column = 0; column < n; column++)
        {
            int pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(system[row][column]));
            (system[column], system[pivot]) = (system[pivot], system[column]);
            if (Math.Abs(system[column][column]) < 1e-12)
            {
                return null;
            }

            for (int row = 0; row < n; row++)
            {
                double factor = row == column ? 0 : system[row][column] / system[column][column];
                for (int k = column; k <= n; k++)
                {
                    system[row][k] -= factor * system[column][k];
                }
            }
        }

        return [.. system.Select((row, i) => row[n] / row[i])];
    }
}
