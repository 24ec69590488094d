using System.Globalization;

namespace Engine.PtxInterpreter;


/// <summary>The size of a grid or block, or a place in it.</summary>
/// <param name="X">Along the first dimension.</param>
/// <param name="Y">Along the second.</param>
/// <param name="Z">Along the third.</param>
public readonly record struct Dim3(int X, int Y = 1, int Z = 1)
{
    /// <summary>The number of places in a box of this size.</summary>
    public int Count => checked(X * Y * Z);

    /// <summary>The place with an index in a box of this size; X runs fastest.</summary>
    public Dim3 At(int index) => new(index % X, index / X % Y, index / X / Y);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({X},{Y},{Z})");
}
