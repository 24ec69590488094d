using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>Packs operands into the panels that the micro-kernel reads; see <see cref="PanelSource"/>.</summary>
internal static unsafe class PanelPacking<TIsa, TVector>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
{
    private const int MostRows = 16;

    // Rows of a wide matrix lie on different pages, which hardware prefetchers do not cross; 16 rows at once are more streams
    // than they follow. Measured gain with 50 rows of C, B from memory: 57 to 73 % of peak, and 65 to 70 % when transposing.
    private const int PrefetchRows = 32;
    private const int PrefetchColumns = 64;

    /// <summary>Floats behind a panel that packing may overwrite, because whole registers are stored at any width.</summary>
    public const int Overshoot = MostRows;

    /// <summary>Packs panels <paramref name="first"/> to <paramref name="end"/> - 1 for k in a range. Row panels must be packed
    /// for all k at once: what one k stores may reach into the next.</summary>
    public static void Pack(in PanelSource source, int first, int end, int depthStart, int depth)
    {
        if (source.RowsRunAlongDepth)
        {
            for (int panel = first; panel < end; panel++)
            {
                int padded = source.Layout.PaddedWidth(panel);
                Transpose(
                    source.Data + (source.Layout.Start(panel) * source.Stride) + depthStart,
                    source.Stride,
                    source.Layout.Width(panel),
                    depth,
                    source.Packed + (panel * source.PanelStride) + ((nint)depthStart * padded),
                    padded);
            }
        }
        else if (end == first + 1 && IsWholeRegisters(source, first))
        {
            int padded = source.Layout.PaddedWidth(first);
            CopyWhole(
                source.Data + (depthStart * source.Stride) + source.Layout.Start(first),
                source.Stride,
                depth,
                source.Packed + (first * source.PanelStride) + ((nint)depthStart * padded),
                padded);
        }
        else
        {
            Copy(source, first, end, depthStart, depth);
        }
    }

    private static bool IsWholeRegisters(in PanelSource source, int panel)
    {
        int width = source.Layout.PaddedWidth(panel);
        return width % TIsa.Width == 0 && source.Layout.Start(panel) + width <= source.Length;
    }

    /// <summary>The stored rows run along the positions of one panel without padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyWhole(float* source, nint stride, int depth, float* target, int width)
    {
        for (; depth > 0; depth--)
        {
            for (int i = 0; i < width; i += TIsa.Width)
            {
                TIsa.Store(TIsa.Load(source + i), target + i);
            }

            source += stride;
            target += width;
        }
    }

    /// <summary>The stored rows run along the panels' positions: one row is dealt out to all panels before the next is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(in PanelSource source, int first, int end, int depthStart, int depth)
    {
        for (int k = depthStart; k < depthStart + depth; k++)
        {
            float* row = source.Data + (k * source.Stride);
            for (int panel = first; panel < end; panel++)
            {
                int start = source.Layout.Start(panel);
                int padded = source.Layout.PaddedWidth(panel);
                float* target = source.Packed + (panel * source.PanelStride) + ((nint)k * padded);
                int rounded = (padded + TIsa.Width - 1) / TIsa.Width * TIsa.Width;
                if (start + rounded <= source.Length)
                {
                    float* ahead = row + (PrefetchRows * source.Stride) + start;
                    CachePrefetch.Line(ahead);
                    CachePrefetch.Line(ahead + padded - 1);
                    for (int i = 0; i < padded; i += TIsa.Width)
                    {
                        TIsa.Store(TIsa.Load(row + start + i), target + i);
                    }
                }
                else
                {
                    int width = source.Layout.Width(panel);
                    for (int i = 0; i < padded; i++)
                    {
                        target[i] = i < width ? row[start + i] : 0;
                    }
                }
            }
        }
    }

    /// <summary>The stored rows run along k. Rows missing in the last group are replaced by repetitions of the last row: they
    /// land in padding, or where the next k is stored afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Transpose(float* source, nint stride, int width, int depth, float* target, int padded)
    {
        int group = typeof(TIsa) == typeof(Avx512Isa) ? 16 : typeof(TIsa) == typeof(Avx2Isa) ? 8 : 0;
        int columns = group == 16 ? PanelTranspose.Columns16 : PanelTranspose.Columns8;
        int vectorised = group == 0 ? 0 : depth - (depth % columns);
        float** rows = stackalloc float*[MostRows];
        for (int start = 0; start < width && vectorised > 0; start += group)
        {
            for (int i = 0; i < group; i++)
            {
                rows[i] = source + ((start + i < width ? start + i : width - 1) * stride);
            }

            for (int k = 0; k < vectorised; k += columns)
            {
                // Each step prefetches for the rows whose share of a cache line it is: all rows if it reads a whole line.
                float** ahead = rows + (k % 16 / columns * (group * columns / 16));
                for (int i = 0; i < group * columns / 16; i++)
                {
                    CachePrefetch.Line(ahead[i] + k + PrefetchColumns);
                }

                if (typeof(TIsa) == typeof(Avx512Isa))
                {
                    PanelTranspose.Rows16(rows, k, target + ((nint)k * padded) + start, padded);
                }
                else
                {
                    PanelTranspose.Rows8(rows, k, target + ((nint)k * padded) + start, padded);
                }
            }
        }

        for (int k = vectorised; k < depth; k++)
        {
            for (int i = 0; i < padded; i++)
            {
                target[((nint)k * padded) + i] = source[((i < width ? i : width - 1) * stride) + k];
            }
        }
    }
}
