using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// Shared memory of attention on tensor cores: two buffers of two tiles of rounded rows each, which together have room for the group's own
/// rows in the beginning and for sums in the end; then three numbers per token of a tile, twice; then two numbers per row of the group.
/// Sixteen threads load a row, four numbers each.
/// </summary>
internal static class AttentionMemory<TFormat>
    where TFormat : struct, IAttentionFormat
{
    private const int RowThreads = TensorAttention.Columns / Float4.Width;

    // Rows that the group loads at the same time.
    private const int RowStep = TensorAttention.Threads / RowThreads;

    private const int TokenNumbers = 3 * TensorAttention.TileTokens;

    // Of the four numbers that a thread loads of a row, the first.
    private static int Column => Group.IdxX % RowThreads * Float4.Width;

    /// <summary>Bytes of a row.</summary>
    public static int Pitch => TensorAttention.Columns * TFormat.ElementBytes;

    /// <summary>Bytes of a buffer.</summary>
    public static int StageBytes => 2 * TensorAttention.TileTokens * Pitch;

    /// <summary>Bytes of one buffer's numbers per token.</summary>
    public static int TokenBytes => TokenNumbers * sizeof(float);

    /// <summary>Where numbers per token begin.</summary>
    public static int TokenOffset => 2 * StageBytes;

    /// <summary>Where numbers per row begin.</summary>
    public static int RowOffset => TokenOffset + (2 * TokenBytes);

    /// <summary>All of it, in <see cref="Float4"/>.</summary>
    public static int Length => (RowOffset + (2 * TensorAttention.Rows * sizeof(float))) / TensorGemm.ChunkBytes;

    /// <summary>The calling thread's place among the rows that it loads: that of the first one.</summary>
    public static int Row => Group.IdxX / RowThreads;

    /// <summary>The calling thread is the first of those that load a row.</summary>
    public static bool IsFirstOfRow => Column == 0;

    /// <summary>Numbers per token as floats.</summary>
    public static ArrayView<float> Tokens(ArrayView<Float4> memory) => memory.SubView(TokenOffset / TensorGemm.ChunkBytes).Cast<float>();

    /// <summary>Numbers per row.</summary>
    public static ArrayView<float> Rows(ArrayView<Float4> memory) => memory.SubView(RowOffset / TensorGemm.ChunkBytes).Cast<float>();

    /// <summary>Where the calling thread writes the first of its rows.</summary>
    public static uint Target(uint shared)
    {
        int bytes = Column * TFormat.ElementBytes;
        int chunk = (bytes / TensorGemm.ChunkBytes) ^ (Row & 7);
        return shared + (uint)((Row * Pitch) + (chunk * TensorGemm.ChunkBytes) + (bytes % TensorGemm.ChunkBytes));
    }

    /// <summary>The calling thread's part of 64 rows from memory; zero for columns that do not exist.</summary>
    public static ThreadTile Load<TAccess>(HeadRows rows, int token)
        where TAccess : struct, IRowAccess
    {
        ThreadTile tile = Load<TAccess>(rows, rows, token, 2 * RowStep);
        return new ThreadTile(Existing(tile.Row0, rows), Existing(tile.Row1, rows), Existing(tile.Row2, rows), Existing(tile.Row3, rows));
    }

    /// <summary>The calling thread's part of a tile of each operand from memory. Tokens and columns that do not exist are others: those are
    /// masked, and these meet zeros of the group's own rows.</summary>
    public static ThreadTile Load<TAccess>(HeadRows first, HeadRows second, int token)
        where TAccess : struct, IRowAccess => Load<TAccess>(first, second, token, 0);

    /// <summary>Rounds and writes the calling thread's part of 64 rows.</summary>
    /// <param name="target">Of the first row.</param>
    /// <param name="rows">As loaded.</param>
    public static void Store(uint target, ThreadTile rows)
    {
        TFormat.Store(target, rows.Row0);
        TFormat.Store(target + (uint)(RowStep * Pitch), rows.Row1);
        TFormat.Store(target + (uint)(2 * RowStep * Pitch), rows.Row2);
        TFormat.Store(target + (uint)(3 * RowStep * Pitch), rows.Row3);
    }

    /// <summary>Loads, rounds and writes the group's own rows.</summary>
    public static void CopyRows<TAccess>(uint target, HeadRows rows, int token)
        where TAccess : struct, IRowAccess
    {
        ThreadTile first = Load<TAccess>(rows, token);
        ThreadTile second = Load<TAccess>(rows, token + (4 * RowStep));
        Store(target, first);
        Store(target + (uint)StageBytes, second);
    }

    /// <summary>Sums over the threads that load a row, of four rows.</summary>
    public static Float4 SumOfRow(Float4 value)
    {
        value = Float4.Add(value, Across(value, 8));
        value = Float4.Add(value, Across(value, 4));
        value = Float4.Add(value, Across(value, 2));
        return Float4.Add(value, Across(value, 1));
    }

    /// <summary>Writes numbers of the four rows that the calling thread loads.</summary>
    public static void StoreOfRows(ArrayView<float> numbers, int row, Float4 values)
    {
        numbers[row] = values.X;
        numbers[row + RowStep] = values.Y;
        numbers[row + (2 * RowStep)] = values.Z;
        numbers[row + (3 * RowStep)] = values.W;
    }

    private static ThreadTile Load<TAccess>(HeadRows first, HeadRows second, int token, int toSecond)
        where TAccess : struct, IRowAccess
    {
        int row = token + Row;
        return new ThreadTile(
            HeadRows.LoadAlways<TAccess>(first, row, Column),
            HeadRows.LoadAlways<TAccess>(first, row + RowStep, Column),
            HeadRows.LoadAlways<TAccess>(second, row + toSecond, Column),
            HeadRows.LoadAlways<TAccess>(second, row + toSecond + RowStep, Column));
    }

    private static Float4 Existing(Float4 numbers, HeadRows rows)
    {
        int count = rows.Columns - Column;
        return new Float4(
            count > 0 ? numbers.X : 0, count > 1 ? numbers.Y : 0, count > 2 ? numbers.Z : 0, count > 3 ? numbers.W : 0);
    }

    private static Float4 Across(Float4 value, int distance) => new(
        Warp.ShuffleXor(value.X, distance),
        Warp.ShuffleXor(value.Y, distance),
        Warp.ShuffleXor(value.Z, distance),
        Warp.ShuffleXor(value.W, distance));
}
