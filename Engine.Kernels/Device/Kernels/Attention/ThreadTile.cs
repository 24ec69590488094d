namespace Engine.Kernels.Device;

/// <summary>
/// One thread's 4 x 4 part of a tile of 64 x 64: of scores, or of rows of numbers. Row i of it is row <c>Row + 16 i</c> of the tile; its columns
/// are <c>Lane + 16 j</c> of scores, <c>4 Lane + j</c> of rows of numbers (see <see cref="AttentionTile"/>).
/// </summary>
internal struct ThreadTile
{
    public Float4 Row0;
    public Float4 Row1;
    public Float4 Row2;
    public Float4 Row3;

    public ThreadTile(Float4 row0, Float4 row1, Float4 row2, Float4 row3)
    {
        Row0 = row0;
        Row1 = row1;
        Row2 = row2;
        Row3 = row3;
    }

    /// <summary>Multiplies each row by a factor of its own.</summary>
    public static ThreadTile ScaleRows(ThreadTile tile, Float4 factors) => new(
        Float4.Multiply(tile.Row0, Float4.Broadcast(factors.X)),
        Float4.Multiply(tile.Row1, Float4.Broadcast(factors.Y)),
        Float4.Multiply(tile.Row2, Float4.Broadcast(factors.Z)),
        Float4.Multiply(tile.Row3, Float4.Broadcast(factors.W)));

    /// <summary>2^(x - shift), with a shift per row.</summary>
    public static ThreadTile Exp2(ThreadTile tile, Float4 shift) => new(
        Float4.Exp2(Float4.Subtract(tile.Row0, Float4.Broadcast(shift.X))),
        Float4.Exp2(Float4.Subtract(tile.Row1, Float4.Broadcast(shift.Y))),
        Float4.Exp2(Float4.Subtract(tile.Row2, Float4.Broadcast(shift.Z))),
        Float4.Exp2(Float4.Subtract(tile.Row3, Float4.Broadcast(shift.W))));

    /// <summary>The largest number of each row.</summary>
    public static Float4 LargestOfRows(ThreadTile tile) =>
        new(Float4.Largest(tile.Row0), Float4.Largest(tile.Row1), Float4.Largest(tile.Row2), Float4.Largest(tile.Row3));

    /// <summary>The sum of each row.</summary>
    public static Float4 SumsOfRows(ThreadTile tile) =>
        new(Float4.Sum(tile.Row0), Float4.Sum(tile.Row1), Float4.Sum(tile.Row2), Float4.Sum(tile.Row3));

    /// <summary>sum + inner products of rows of a with the same rows of b.</summary>
    public static Float4 AddDotsOfRows(Float4 sum, ThreadTile a, ThreadTile b) => new(
        Float4.AddDot(sum.X, a.Row0, b.Row0),
        Float4.AddDot(sum.Y, a.Row1, b.Row1),
        Float4.AddDot(sum.Z, a.Row2, b.Row2),
        Float4.AddDot(sum.W, a.Row3, b.Row3));

    /// <summary>sum + inner products of x with the tile's rows.</summary>
    public static Float4 AddDots(Float4 sum, Float4 x, ThreadTile tile) => new(
        Float4.AddDot(sum.X, x, tile.Row0),
        Float4.AddDot(sum.Y, x, tile.Row1),
        Float4.AddDot(sum.Z, x, tile.Row2),
        Float4.AddDot(sum.W, x, tile.Row3));

    /// <summary>sum + the tile's rows, each multiplied by its weight.</summary>
    public static Float4 AddWeightedRows(Float4 sum, Float4 weights, ThreadTile tile)
    {
        sum = Float4.AddScaled(sum, weights.X, tile.Row0);
        sum = Float4.AddScaled(sum, weights.Y, tile.Row1);
        sum = Float4.AddScaled(sum, weights.Z, tile.Row2);
        return Float4.AddScaled(sum, weights.W, tile.Row3);
    }
}
