using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// From a warp's sums to rows in memory, half of the columns at a time: each warp hands them to itself through shared memory, so that eight
/// threads write 128 bytes of a row. Chunks of sixteen bytes are permuted so that the four rows written at the same time lie in different
/// banks.
/// </summary>
internal struct AttentionHandover
{
    private const int RowChunks = TensorAttention.HandoverBytes / TensorGemm.ChunkBytes;

    /// <summary>Where the calling thread writes the first of four tiles of its sums.</summary>
    public uint First;

    /// <summary>Where it writes the second one.</summary>
    public uint Second;

    /// <summary>Where it writes the third one.</summary>
    public uint Third;

    /// <summary>Where it writes the fourth one.</summary>
    public uint Fourth;

    // The first of the rows that a thread reads; the others follow four rows apart.
    private static int Row => TensorAttention.WarpRow + (TensorAttention.Lane / RowChunks);

    /// <summary>Where the calling thread writes.</summary>
    /// <param name="shared">Beginning of shared memory, of which nobody reads the tiles any more.</param>
    public static AttentionHandover Start(uint shared)
    {
        int pair = TensorAttention.Lane & 3;
        int row = TensorAttention.ThreadRow;
        int swizzle = 2 * (row & 3);
        uint first = shared + (uint)((row * TensorAttention.HandoverBytes) + ((pair & 1) * 2 * sizeof(float)));
        return new AttentionHandover
        {
            First = first + Chunk((pair >> 1) ^ swizzle),
            Second = first + Chunk((2 + (pair >> 1)) ^ swizzle),
            Third = first + Chunk((4 + (pair >> 1)) ^ swizzle),
            Fourth = first + Chunk((6 + (pair >> 1)) ^ swizzle),
        };
    }

    /// <summary>Numbers per row, for the four rows that the calling thread writes.</summary>
    public static Float4 OfRows(ArrayView<float> numbers) => new(numbers[Row], numbers[Row + 4], numbers[Row + 8], numbers[Row + 12]);

    /// <summary>Writes four rows by four columns, each row multiplied by its factor, as far as they exist.</summary>
    /// <param name="memory">Shared memory, half of the columns of all rows.</param>
    /// <param name="half">Which half: 0 or 1.</param>
    /// <param name="factors">Of the four rows.</param>
    /// <param name="target">In memory.</param>
    /// <param name="token">Of the group's first row.</param>
    public static void Write<TAccess>(ArrayView<Float4> memory, int half, Float4 factors, HeadRows target, int token)
        where TAccess : struct, IRowAccess
    {
        int chunk = TensorAttention.Lane % RowChunks;
        int place = (Row * RowChunks) + (chunk ^ (2 * (Row & 3)));
        int column = (half * TensorAttention.Columns / 2) + (chunk * Float4.Width);
        ThreadTile rows = ThreadTile.ScaleRows(
            new ThreadTile(
                memory[place], memory[place + (4 * RowChunks)], memory[place + (8 * RowChunks)], memory[place + (12 * RowChunks)]),
            factors);
        HeadRows.Store<TAccess>(target, token + Row, column, rows.Row0);
        HeadRows.Store<TAccess>(target, token + Row + 4, column, rows.Row1);
        HeadRows.Store<TAccess>(target, token + Row + 8, column, rows.Row2);
        HeadRows.Store<TAccess>(target, token + Row + 12, column, rows.Row3);
    }

    private static uint Chunk(int chunk) => (uint)(chunk * TensorGemm.ChunkBytes);
}
