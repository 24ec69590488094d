using System.Collections.Generic;

namespace Engine.Fusion;

/// <summary>The union of rectangles [0, width] x [0, height], kept as its corners: widths descending, heights ascending.</summary>
/// <param name="capacity">Corners to reserve.</param>
internal sealed class Staircase(int capacity)
{
    private readonly List<(double Width, double Height)> _corners = new(capacity);

    /// <summary>The area of the union.</summary>
    public double Area { get; private set; }

    /// <summary>Adds a rectangle.</summary>
    public void Add(double width, double height)
    {
        int position = FirstNotWider(width);
        double below = position > 0 ? _corners[position - 1].Height : 0;
        bool sameWidthTaller = position < _corners.Count && _corners[position].Width == width && _corners[position].Height >= height;
        if (sameWidthTaller || below >= height)
        {
            return;
        }

        // The corners from here on that are not taller vanish under the new one; each had covered a strip of its own width.
        int end = position;
        double floor = below;
        while (end < _corners.Count && _corners[end].Height <= height)
        {
            Area += (width - _corners[end].Width) * (_corners[end].Height - floor);
            floor = _corners[end].Height;
            end++;
        }

        Area += (width - (end < _corners.Count ? _corners[end].Width : 0)) * (height - floor);
        _corners.RemoveRange(position, end - position);
        _corners.Insert(position, (width, height));
    }

    private int FirstNotWider(double width)
    {
        int low = 0;
        int high = _corners.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_corners[middle].Width > width)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
