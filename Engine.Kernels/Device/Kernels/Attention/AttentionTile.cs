using ILGPU;
using ILGPU.Algorithms;

namespace Engine.Kernels.Device;

/// <summary>
/// Tiles of 64 x 64 floats in shared memory, 16 KB each, and the products of attention on them, for groups of 16 x 16 threads.
/// Thread (Row, Lane) owns rows Row + 16 i of a product; the 16 lanes of a row are neighbours, so that half a warp reduces over it.
/// A tile is 64 rows of 16 <see cref="Float4"/>. Where in its row one lies is scrambled, differently for two uses, so that the threads that
/// are served together hit different banks:
/// as rows (every lane of a row reads the same), column c is at c ^ (4 (row mod 2));
/// as columns (lanes read different rows, or one row side by side), column c is at c ^ (row mod 8).
/// </summary>
internal static class AttentionTile
{
    /// <summary>Rows and columns of a tile.</summary>
    public const int Size = 64;

    /// <summary>Threads that share a row.</summary>
    public const int Lanes = 16;

    /// <summary>Threads per group.</summary>
    public const int Threads = 256;

    /// <summary><see cref="Float4"/> per tile.</summary>
    public const int Length = Size * Width;

    /// <summary>Three tiles, all that CUDA grants every kernel.</summary>
    public const int SharedBytes = 3 * Size * Size * sizeof(float);

    // Float4 per row of a tile.
    private const int Width = Size / 4;

    // From one of a thread's rows to the next, in Float4.
    private const int RowStep = Lanes * Width;

    /// <summary>This thread's first row.</summary>
    public static int Row => Group.IdxX / Lanes;

    /// <summary>This thread's place among those of its row.</summary>
    public static int Lane => Group.IdxX & (Lanes - 1);

    /// <summary>Blocks of tokens.</summary>
    public static int Blocks(int tokens) => (tokens + Size - 1) / Size;

    /// <summary>Loads a tile to be used as rows: tokens from <paramref name="token"/> on, numbers of a chunk of 64. What does not
    /// exist becomes zero.</summary>
    public static void LoadRows<TAccess>(ArrayView<Float4> tile, HeadRows source, int token, int chunk)
        where TAccess : struct, IRowAccess => Load<TAccess>(tile, (Row * Width) + (Lane ^ ((Row & 1) << 2)), source, token, chunk);

    /// <summary>Loads a tile to be used as columns.</summary>
    /// <inheritdoc cref="LoadRows"/>
    public static void LoadColumns<TAccess>(ArrayView<Float4> tile, HeadRows source, int token, int chunk)
        where TAccess : struct, IRowAccess => Load<TAccess>(tile, (Row * Width) + (Lane ^ (Row & 7)), source, token, chunk);

    /// <summary>This thread's part of rows of numbers, from memory; zero for what does not exist.</summary>
    public static ThreadTile FromMemory<TAccess>(HeadRows source, int token, int chunk)
        where TAccess : struct, IRowAccess
    {
        int column = (chunk * Size) + (4 * Lane);
        return new ThreadTile(
            HeadRows.Load<TAccess>(source, token + Row, column),
            HeadRows.Load<TAccess>(source, token + Row + Lanes, column),
            HeadRows.Load<TAccess>(source, token + Row + (2 * Lanes), column),
            HeadRows.Load<TAccess>(source, token + Row + (3 * Lanes), column));
    }

    /// <summary>Writes scores, to be used as rows.</summary>
    public static void StoreScores(ArrayView<Float4> tile, ThreadTile scores)
    {
        ArrayView<float> floats = tile.Cast<float>();
        int swizzle = (Row & 1) << 4;
        int first = (Row * Size) + Lane;
        StoreScores(floats, first + swizzle, first + (Lanes ^ swizzle), scores.Row0);
        StoreScores(floats.SubView(4 * RowStep), first + swizzle, first + (Lanes ^ swizzle), scores.Row1);
        StoreScores(floats.SubView(8 * RowStep), first + swizzle, first + (Lanes ^ swizzle), scores.Row2);
        StoreScores(floats.SubView(12 * RowStep), first + swizzle, first + (Lanes ^ swizzle), scores.Row3);
    }

    /// <summary>sum + a b^T, over the first <paramref name="depth"/> columns of both, at most 64, rounded up to 16; a as rows,
    /// b as columns.</summary>
    public static ThreadTile AddProductOfTransposed(ThreadTile sum, ArrayView<Float4> a, ArrayView<Float4> b, int depth)
    {
        int row = Row * Width;
        int rowSwizzle = (Row & 1) << 2;
        int column = (Lane * Width) + (Lane & 3);
        int column1 = (Lane * Width) + ((Lane & 3) ^ 1);
        int column2 = (Lane * Width) + ((Lane & 3) ^ 2);
        int column3 = (Lane * Width) + ((Lane & 3) ^ 3);
        int end = XMath.Min(depth, Size);
        for (int d = 0; 4 * d < end; d += 4)
        {
            int left = row + (d ^ rowSwizzle);
            int right = d ^ (Lane & 4);
            sum = AddDots(sum, a, left, b, right + column);
            sum = AddDots(sum, a.SubView(1), left, b, right + column1);
            sum = AddDots(sum, a.SubView(2), left, b, right + column2);
            sum = AddDots(sum, a.SubView(3), left, b, right + column3);
        }

        return sum;
    }

    /// <summary>sum + weights x, over the first <paramref name="depth"/> columns of the weights, at most 64, rounded up to 16; weights as
    /// rows, x as columns.</summary>
    public static ThreadTile AddProduct(ThreadTile sum, ArrayView<Float4> weights, ArrayView<Float4> x, int depth)
    {
        int row = Row * Width;
        int rowSwizzle = (Row & 1) << 2;
        int end = XMath.Min(depth, Size);
        for (int k = 0; 4 * k < end; k += 4)
        {
            int left = row + (k ^ rowSwizzle);
            int right = 4 * k * Width;
            sum = AddFourRows(sum, weights, left, x, right, Lane);
            sum = AddFourRows(sum, weights.SubView(1), left, x.SubView(4 * Width), right, Lane ^ 4);
            sum = AddFourRows(sum, weights.SubView(2), left, x.SubView(8 * Width), right, Lane);
            sum = AddFourRows(sum, weights.SubView(3), left, x.SubView(12 * Width), right, Lane ^ 4);
        }

        return sum;
    }

    /// <summary>Writes this thread's part of rows of numbers to a tile's place in memory, as far as that exists.</summary>
    public static void Store<TAccess>(ThreadTile tile, HeadRows target, int token, int chunk)
        where TAccess : struct, IRowAccess
    {
        int column = (chunk * Size) + (4 * Lane);
        HeadRows.Store<TAccess>(target, token + Row, column, tile.Row0);
        HeadRows.Store<TAccess>(target, token + Row + Lanes, column, tile.Row1);
        HeadRows.Store<TAccess>(target, token + Row + (2 * Lanes), column, tile.Row2);
        HeadRows.Store<TAccess>(target, token + Row + (3 * Lanes), column, tile.Row3);
    }

    private static void Load<TAccess>(ArrayView<Float4> tile, int place, HeadRows source, int token, int chunk)
        where TAccess : struct, IRowAccess
    {
        ThreadTile rows = FromMemory<TAccess>(source, token, chunk);
        tile[place] = rows.Row0;
        tile.SubView(RowStep)[place] = rows.Row1;
        tile.SubView(2 * RowStep)[place] = rows.Row2;
        tile.SubView(3 * RowStep)[place] = rows.Row3;
    }

    /// <summary>Columns 16 j of a row: pairs of them trade places in odd rows.</summary>
    private static void StoreScores(ArrayView<float> row, int even, int odd, Float4 scores)
    {
        row[even] = scores.X;
        row[odd] = scores.Y;
        row.SubView(2 * Lanes)[even] = scores.Z;
        row.SubView(2 * Lanes)[odd] = scores.W;
    }

    private static ThreadTile AddDots(ThreadTile sum, ArrayView<Float4> a, int left, ArrayView<Float4> b, int right)
    {
        ThreadTile columns = new(b[right], b.SubView(RowStep)[right], b.SubView(2 * RowStep)[right], b.SubView(3 * RowStep)[right]);
        return new ThreadTile(
            ThreadTile.AddDots(sum.Row0, a[left], columns),
            ThreadTile.AddDots(sum.Row1, a.SubView(RowStep)[left], columns),
            ThreadTile.AddDots(sum.Row2, a.SubView(2 * RowStep)[left], columns),
            ThreadTile.AddDots(sum.Row3, a.SubView(3 * RowStep)[left], columns));
    }

    /// <summary>Adds four rows of x, weighted; <paramref name="lane"/> is where this lane's columns lie in the first of them.</summary>
    private static ThreadTile AddFourRows(
        ThreadTile sum, ArrayView<Float4> weights, int left, ArrayView<Float4> x, int right, int lane)
    {
        ThreadTile rows = new(
            x[right + lane],
            x.SubView(Width)[right + (lane ^ 1)],
            x.SubView(2 * Width)[right + (lane ^ 2)],
            x.SubView(3 * Width)[right + (lane ^ 3)]);
        return new ThreadTile(
            ThreadTile.AddWeightedRows(sum.Row0, weights[left], rows),
            ThreadTile.AddWeightedRows(sum.Row1, weights.SubView(RowStep)[left], rows),
            ThreadTile.AddWeightedRows(sum.Row2, weights.SubView(2 * RowStep)[left], rows),
            ThreadTile.AddWeightedRows(sum.Row3, weights.SubView(3 * RowStep)[left], rows));
    }
}
