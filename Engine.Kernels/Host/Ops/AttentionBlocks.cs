using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// How attention is blocked. Scores of a block of queries are kept transposed, [keys, queries]: a lane is a query. Then products
/// read keys and values as they lie, softmax is vertical (no reduction across lanes), and only the small query and output
/// blocks are transposed. A block is two registers of queries wide, one if no more are left. Heads are padded with zeros to
/// whole registers and keys to <see cref="BroadcastProduct{TIsa, TVector}.RowPadding"/>, so that products have no edges.
/// </summary>
internal static unsafe class AttentionBlocks<TIsa, TVector>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : struct
{
    /// <summary>Keys that a product takes at a time: their values and scores (24 KiB at D = 64 and 32 lanes) stay in the first cache level.</summary>
    public const int KeyBlock = 64;

    /// <summary>Queries of a block.</summary>
    public static int Lanes => 2 * TIsa.Width;

    /// <summary>D rounded up to whole registers, and to the row padding of products.</summary>
    public static int PaddedHead(int headSize) => RoundUp(headSize, Math.Max(TIsa.Width, BroadcastProduct<TIsa, TVector>.RowPadding));

    /// <summary>A number of keys rounded up to the row padding of products.</summary>
    public static int PaddedKeys(int keys) => RoundUp(keys, BroadcastProduct<TIsa, TVector>.RowPadding);

    /// <summary>Copies rows into scratch, in the given order or as they come, with zeros behind each row and behind the last row.</summary>
    /// <param name="source">Rows of <paramref name="columns"/> elements.</param>
    /// <param name="positions">Row numbers in the source; null for 0, 1, ...</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="factor">Multiplies every element.</param>
    /// <param name="destination">Rows of whole registers.</param>
    /// <param name="paddedRows">Rows of the destination.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(
        HeadMatrix source, int* positions, int rows, int columns, float factor, HeadMatrix destination, int paddedRows)
    {
        TVector scale = TIsa.Broadcast(factor);
        for (int row = 0; row < rows; row++)
        {
            float* from = source.Row(positions == null ? row : positions[row]);
            float* to = destination.Row(row);
            int i = 0;
            for (; i + TIsa.Width <= columns; i += TIsa.Width)
            {
                TIsa.Store(TIsa.Multiply(TIsa.Load(from + i), scale), to + i);
            }

            if (i < columns)
            {
                TIsa.Store(TIsa.Multiply(TIsa.LoadPartial(from + i, columns - i), scale), to + i);
            }

            for (i = RoundUp(columns, TIsa.Width); i < destination.Stride; i += TIsa.Width)
            {
                TIsa.Store(TIsa.Zero, to + i);
            }
        }

        new Span<float>(destination.Row(rows), (int)((paddedRows - rows) * destination.Stride)).Clear();
    }

    /// <summary>Copies rows out of scratch, the reverse of <see cref="Gather"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter(HeadMatrix source, int* positions, int rows, int columns, HeadMatrix destination)
    {
        for (int row = 0; row < rows; row++)
        {
            float* from = source.Row(row);
            float* to = destination.Row(positions == null ? row : positions[row]);
            for (int i = 0; i < columns; i += TIsa.Width)
            {
                Lanes<TIsa, TVector>.Store(TIsa.Load(from + i), to + i, columns - i);
            }
        }
    }

    /// <summary>destination[j, i] = source[i, j], sizes in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(HeadMatrix source, int rowVectors, int columnVectors, HeadMatrix destination)
    {
        int width = TIsa.Width;
        for (int i = 0; i < rowVectors; i++)
        {
            for (int j = 0; j < columnVectors; j++)
            {
                TIsa.Transpose(
                    source.Row(i * width) + (j * width), source.Stride, destination.Row(j * width) + (i * width), destination.Stride);
            }
        }
    }

    /// <summary>Replaces the scores of keys that a causal query does not see.</summary>
    /// <param name="scores">[keys, lanes].</param>
    /// <param name="positions">Positions of the keys.</param>
    /// <param name="first">First key that not every query sees.</param>
    /// <param name="end">End of the keys.</param>
    /// <param name="firstQueryPosition">The last key that lane 0 sees; one more per lane.</param>
    /// <param name="vectors">Registers of queries.</param>
    /// <param name="replacement">For hidden scores.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void HideLaterKeys(
        HeadMatrix scores, int* positions, int first, int end, int firstQueryPosition, int vectors, float replacement)
    {
        TVector hidden = TIsa.Broadcast(replacement);
        for (int key = first; key < end; key++)
        {
            for (int v = 0; v < vectors; v++)
            {
                float* row = scores.Row(key) + (v * TIsa.Width);
                TVector firstLane = TIsa.Broadcast(positions[key] - firstQueryPosition - (v * TIsa.Width));
                TIsa.Store(TIsa.SelectLess(TIsa.LaneIndices, firstLane, hidden, TIsa.Load(row)), row);
            }
        }
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
