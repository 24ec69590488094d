using System;
using System.Collections.Generic;

namespace Engine.Fusion;

/// <summary>
/// Exact hypervolume (Zitzler and Thiele 1998): the volume of the union of the boxes between the reference point and each point that is
/// strictly better than it in every objective. Sweeps in two and three dimensions (O(n log n) and O(n^2)); from four on the recursion of
/// While, Bradstreet and Barone (IEEE TEVC 2012), one objective less per level.
/// </summary>
public static class Hypervolume
{
    /// <summary>The volume that the points dominate.</summary>
    /// <param name="points">n points of m objectives; dominated and repeated ones change nothing.</param>
    /// <param name="reference">z [m]: for losses a bound above them, for accuracies one below (often 0).</param>
    /// <param name="sense">Which direction is better, in all objectives.</param>
    /// <returns>0 without points.</returns>
    /// <exception cref="ArgumentException">Lengths differ, or an entry is not a number.</exception>
    public static double Of(IReadOnlyList<double[]> points, ReadOnlySpan<double> reference, OptimizationSense sense)
    {
        int objectives = ObjectivePoints.Require(points);
        if (points.Count > 0 && reference.Length != objectives)
        {
            throw new ArgumentException($"The reference point has {objectives} objectives, found {reference.Length}.", nameof(reference));
        }

        // From here on a point is the extents of its box, all positive, and larger is better.
        List<double[]> boxes = [];
        foreach (double[] point in points)
        {
            double[] box = new double[objectives];
            for (int k = 0; k < objectives; k++)
            {
                box[k] = sense == OptimizationSense.Minimize ? reference[k] - point[k] : point[k] - reference[k];
            }

            if (Array.TrueForAll(box, extent => extent > 0))
            {
                boxes.Add(box);
            }
        }

        return Volume(Maximal(boxes, objectives), objectives);
    }

    private static double Volume(List<double[]> boxes, int dimensions) => (boxes.Count, dimensions) switch
    {
        (0, _) => 0,
        (1, _) => Product(boxes[0], dimensions),
        (_, 1) => Length(boxes),
        (_, 2) => Area(boxes),
        (_, 3) => Sweep(boxes),
        _ => Slice(boxes, dimensions),
    };

    private static double Product(ReadOnlySpan<double> box, int dimensions)
    {
        double product = 1;
        foreach (double extent in box[..dimensions])
        {
            product *= extent;
        }

        return product;
    }

    private static double Length(List<double[]> boxes)
    {
        double longest = 0;
        foreach (double[] box in boxes)
        {
            longest = Math.Max(longest, box[0]);
        }

        return longest;
    }

    /// <summary>From the widest box on, each adds the strip by which it is taller than all before.</summary>
    private static double Area(List<double[]> boxes)
    {
        boxes.Sort(static (a, b) => b[0].CompareTo(a[0]));
        double area = 0;
        double height = 0;
        foreach (double[] box in boxes)
        {
            if (box[1] > height)
            {
                area += box[0] * (box[1] - height);
                height = box[1];
            }
        }

        return area;
    }

    /// <summary>From the deepest box on: the area of the staircase so far, times the depth down to the next box.</summary>
    private static double Sweep(List<double[]> boxes)
    {
        boxes.Sort(static (a, b) => b[2].CompareTo(a[2]));
        Staircase stairs = new(boxes.Count);
        double volume = 0;
        for (int i = 0; i < boxes.Count; i++)
        {
            stairs.Add(boxes[i][0], boxes[i][1]);
            volume += stairs.Area * (boxes[i][2] - (i + 1 < boxes.Count ? boxes[i + 1][2] : 0));
        }

        return volume;
    }

    /// <summary>
    /// Boxes in ascending order of the last extent: what a box has for itself, apart from all later ones, is a prism over the last extent,
    /// because the later ones reach at least as far.
    /// </summary>
    private static double Slice(List<double[]> boxes, int dimensions)
    {
        int last = dimensions - 1;
        boxes.Sort((a, b) => a[last].CompareTo(b[last]));
        double volume = 0;
        for (int i = 0; i < boxes.Count; i++)
        {
            List<double[]> shared = new(boxes.Count - i - 1);
            for (int j = i + 1; j < boxes.Count; j++)
            {
                double[] common = new double[last];
                for (int k = 0; k < last; k++)
                {
                    common[k] = Math.Min(boxes[i][k], boxes[j][k]);
                }

                shared.Add(common);
            }

            volume += boxes[i][last] * (Product(boxes[i], last) - Volume(Maximal(shared, last), last));
        }

        return volume;
    }

    /// <summary>The boxes that lie in no other one, each once.</summary>
    private static List<double[]> Maximal(List<double[]> boxes, int dimensions)
    {
        List<double[]> kept = new(boxes.Count);
        foreach (double[] box in boxes)
        {
            if (!kept.Exists(other => Contains(other, box, dimensions)))
            {
                kept.RemoveAll(other => Contains(box, other, dimensions));
                kept.Add(box);
            }
        }

        return kept;
    }

    private static bool Contains(ReadOnlySpan<double> outer, ReadOnlySpan<double> inner, int dimensions)
    {
        for (int k = 0; k < dimensions; k++)
        {
            if (outer[k] < inner[k])
            {
                return false;
            }
        }

        return true;
    }
}
