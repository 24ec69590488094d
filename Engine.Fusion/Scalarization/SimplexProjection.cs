using System;

namespace Engine.Fusion;

/// <summary>Euclidean projection onto the simplex (Duchi et al., ICML 2008, figure 1). O(n log n).</summary>
public static class SimplexProjection
{
    /// <summary>Replaces a vector by the nearest point with non-negative entries that sum to 1.</summary>
    /// <param name="point">The vector, replaced in place.</param>
    /// <param name="scratch">Receives the entries in ascending order; as long as the vector.</param>
    public static void Project(Span<double> point, Span<double> scratch)
    {
        if (point.IsEmpty || scratch.Length != point.Length)
        {
            throw new ArgumentException($"The scratch is as long as the point ({point.Length}, at least 1), found {scratch.Length}.");
        }

        point.CopyTo(scratch);
        scratch.Sort();
        double sum = 0;
        double threshold = 0;
        for (int kept = 1; kept <= point.Length; kept++)
        {
            sum += scratch[^kept];
            threshold = (sum - 1) / kept;
            if (kept < point.Length && threshold > scratch[^(kept + 1)])
            {
                break;
            }
        }

        for (int i = 0; i < point.Length; i++)
        {
            point[i] = Math.Max(point[i] - threshold, 0);
        }
    }
}
