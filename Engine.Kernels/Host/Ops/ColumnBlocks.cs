namespace Engine.Kernels.Host;

/// <summary>
/// Numbers by expert and column, [column blocks, experts, <see cref="Width"/>]: what the merge kernels read or write for one block of
/// columns is one stream of memory, where [experts, columns] would be as many streams as experts.
/// </summary>
internal static class ColumnBlocks
{
    /// <summary>Columns of a block: four of the widest registers.</summary>
    public const int Width = 64;

    /// <summary>Numbers of so many columns, padded to whole blocks.</summary>
    public static long Count(int columns, int experts) => ((long)columns + Width - 1) / Width * Width * experts;

    /// <summary>Where the number of an expert and a column is.</summary>
    public static long IndexOf(int column, int expert, int experts) =>
        ((long)(column / Width) * experts * Width) + ((long)expert * Width) + (column % Width);
}
