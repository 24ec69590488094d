using System;
using System.Globalization;
using System.Text;

namespace Engine.Kernels;

/// <summary>Sizes of up to four dimensions, row-major (the last dimension varies fastest). Rank 0 is a scalar.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The largest rank.</summary>
    public const int MaxRank = 4;

    private readonly int _d0;
    private readonly int _d1;
    private readonly int _d2;
    private readonly int _d3;

    /// <summary>Creates a shape from its dimensions.</summary>
    /// <param name="dimensions">Zero to four non-negative sizes.</param>
    /// <exception cref="ArgumentException">More than four dimensions, or a negative one.</exception>
    public Shape(params ReadOnlySpan<int> dimensions)
    {
        if (dimensions.Length > MaxRank)
        {
            throw new ArgumentException($"A tensor has at most {MaxRank} dimensions, found {dimensions.Length}.", nameof(dimensions));
        }

        foreach (int dimension in dimensions)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(dimensions));
        }

        Rank = dimensions.Length;
        _d0 = Rank > 0 ? dimensions[0] : 1;
        _d1 = Rank > 1 ? dimensions[1] : 1;
        _d2 = Rank > 2 ? dimensions[2] : 1;
        _d3 = Rank > 3 ? dimensions[3] : 1;
    }

    /// <summary>Number of dimensions.</summary>
    public int Rank { get; }

    /// <summary>Product of all dimensions; 1 for a scalar.</summary>
    public long ElementCount => Rank == 0 ? 1 : (long)_d0 * _d1 * _d2 * _d3;

    /// <summary>The last dimension; 1 for a scalar.</summary>
    public int Columns => Rank == 0 ? 1 : this[Rank - 1];

    /// <summary>Product of all dimensions but the last; 1 for a scalar or a vector.</summary>
    public int Rows
    {
        get
        {
            int rows = 1;
            for (int i = 0; i + 1 < Rank; i++)
            {
                rows = checked(rows * this[i]);
            }

            return rows;
        }
    }

    /// <summary>Size of one dimension.</summary>
    /// <param name="dimension">0 to Rank - 1.</param>
    public int this[int dimension] => (uint)dimension < (uint)Rank
        ? dimension switch { 0 => _d0, 1 => _d1, 2 => _d2, _ => _d3 }
        : throw new ArgumentOutOfRangeException(nameof(dimension), dimension, $"The shape {this} has rank {Rank}.");

    /// <inheritdoc cref="Equals(Shape)"/>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Negation of equality.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>Same rank and same dimensions.</summary>
    public bool Equals(Shape other) =>
        Rank == other.Rank && (Rank == 0 || (_d0 == other._d0 && _d1 == other._d1 && _d2 == other._d2 && _d3 == other._d3));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rank, _d0, _d1, _d2, _d3);

    /// <summary>For example "[2, 17, 64]"; "[]" for a scalar.</summary>
    public override string ToString()
    {
        StringBuilder text = new("[");
        for (int i = 0; i < Rank; i++)
        {
            text.Append(i > 0 ? ", " : string.Empty).Append(this[i].ToString(CultureInfo.InvariantCulture));
        }

        return text.Append(']').ToString();
    }
}
