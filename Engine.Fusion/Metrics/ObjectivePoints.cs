using System;
using System.Collections.Generic;

namespace Engine.Fusion;

/// <summary>What metrics check of their points.</summary>
internal static class ObjectivePoints
{
    /// <summary>The number of objectives; 0 without points.</summary>
    /// <exception cref="ArgumentException">Points of different lengths, without entries, or with a NaN.</exception>
    public static int Require(IReadOnlyList<double[]> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        int objectives = points.Count == 0 ? 0 : points[0].Length;
        for (int i = 0; i < points.Count; i++)
        {
            if (points[i].Length != objectives || objectives == 0)
            {
                throw new ArgumentException($"Point {i} has {objectives} objectives (at least 1), found {points[i].Length}.");
            }

            if (Array.Exists(points[i], double.IsNaN))
            {
                throw new ArgumentException($"Point {i} has an objective that is not a number.", nameof(points));
            }
        }

        return objectives;
    }
}
