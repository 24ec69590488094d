using Engine.Kernels;

namespace Engine.Bench;

/// <summary>How large the operands of variants are.</summary>
/// <param name="Scale">Sides of matrices grow by it, the work of an op of one pass by its square; 1 is small enough for the
/// interpreter.</param>
internal sealed record KernelSizes(int Scale)
{
    /// <summary>Rows of a product, if the user says how many.</summary>
    public int? M { get; init; }

    /// <summary>Columns of a product, if the user says how many.</summary>
    public int? N { get; init; }

    /// <summary>Length of a product's sums, if the user says how long.</summary>
    public int? K { get; init; }

    /// <summary>A count that grows as the work does.</summary>
    public int Count(int count) => checked(count * Scale * Scale);

    /// <summary>As many rows as the work asks for, columns as they are.</summary>
    public Shape Rows(int rows, int columns) => new(Count(rows), columns);
}
