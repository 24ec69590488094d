using System;
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
    private const int PrefetchBytes = 256;

    /// <summary>Floats behind a panel that packing may overwrite, because whole registers are stored at any width.</summary>
    public const int Overshoot = MostRows;

    /// <summary>Packs panels <paramref name="first"/> to <paramref name="end"/> - 1 for k in a range. Row panels must be packed
    /// for all k at once: what one k stores may reach into the next.</summary>
    public static void Pack(in PanelSource source, int first, int end, int depthStart, int depth)
    {
        if (source.Data.DType == DType.BF16)
        {
            Pack<BFloat16Storage>(source, first, end, depthStart, depth);
        }
        else
        {
            Pack<Float32Storage>(source, first, end, depthStart, depth);
        }
    }

    private static void Pack<TFormat>(in PanelSource source, int first, int end, int depthStart, int depth)
        where TFormat : struct, IStorageFormat
    {
        if (source.RowsRunAlongDepth)
        {
            for (int panel = first; panel < end; panel++)
            {
                int padded = source.Layout.PaddedWidth(panel);
                Transpose<TFormat>(
                    source.Data.At((source.Layout.Start(panel) * source.Stride) + depthStart).Address,
                    source.Stride * TFormat.ElementSize,
                    source.Layout.Width(panel),
                    depth,
                    source.Packed + (panel * source.PanelStride) + ((nint)depthStart * padded),
                    padded);
            }
        }
        else if (end == first + 1 && IsWholeRegisters(source, first))
        {
            int padded = source.Layout.PaddedWidth(first);
            CopyWhole<TFormat>(
                source.Data.At((depthStart * source.Stride) + source.Layout.Start(first)).Address,
                source.Stride * TFormat.ElementSize,
                depth,
                source.Packed + (first * source.PanelStride) + ((nint)depthStart * padded),
                padded);
        }
        else
        {
            Copy<TFormat>(source, first, end, depthStart, depth);
        }
    }

    private static bool IsWholeRegisters(in PanelSource source, int panel)
    {
        int width = source.Layout.PaddedWidth(panel);
        return width % TIsa.Width == 0 && source.Layout.Start(panel) + width <= source.Length;
    }

    /// <summary>The stored rows run along the positions of one panel without padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyWhole<TFormat>(byte* source, nint rowBytes, int depth, float* target, int width)
        where TFormat : struct, IStorageFormat
    {
        for (; depth > 0; depth--)
        {
            for (int i = 0; i < width; i += TIsa.Width)
            {
                TIsa.Store(TFormat.Load<TIsa, TVector>(source, i), target + i);
            }

            source += rowBytes;
            target += width;
        }
    }

    /// <summary>The stored rows run along the panels' positions: one row is dealt out to all panels before the next is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<TFormat>(in PanelSource source, int first, int end, int depthStart, int depth)
        where TFormat : struct, IStorageFormat
    {
        int size = TFormat.ElementSize;
        for (int k = depthStart; k < depthStart + depth; k++)
        {
            byte* row = source.Data.Address + (k * source.Stride * size);
            for (int panel = first; panel < end; panel++)
            {
                int start = source.Layout.Start(panel);
                int padded = source.Layout.PaddedWidth(panel);
                float* target = source.Packed + (panel * source.PanelStride) + ((nint)k * padded);
                int rounded = (padded + TIsa.Width - 1) / TIsa.Width * TIsa.Width;
                if (start + rounded <= source.Length)
                {
                    byte* ahead = row + (((PrefetchRows * source.Stride) + start) * size);
                    CachePrefetch.Line(ahead);
                    CachePrefetch.Line(ahead + ((padded - 1) * size));
                    for (int i = 0; i < padded; i += TIsa.Width)
                    {
                        TIsa.Store(TFormat.Load<TIsa, TVector>(row, start + i), target + i);
                    }
                }
                else
                {
                    int width = source.Layout.Width(panel);
                    new Span<float>(target, padded).Clear();
                    StorageConversion.Widen<TIsa, TVector>(new StoredOperand(row, source.Data.DType), start, target, width);
                }
            }
        }
    }

    /// <summary>The stored rows run along k. Rows missing in the last group are replaced by repetitions of the last row: they
    /// land in padding, or where the next k is stored afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Transpose<TFormat>(byte* source, nint rowBytes, int width, int depth, float* target, int padded)
        where TFormat : struct, IStorageFormat
    {
        int group = typeof(TIsa) == typeof(Avx512Isa) ? 16 : typeof(TIsa) == typeof(Avx2Isa) ? 8 : 0;
        int columns = group == 16 ? PanelTranspose.Columns16 : PanelTranspose.Columns8;
        int vectorised = group == 0 ? 0 : depth - (depth % columns);
        byte** rows = stackalloc byte*[MostRows];
        for (int start = 0; start < width && vectorised > 0; start += group)
        {
            for (int i = 0; i < group; i++)
            {
                rows[i] = source + ((start + i < width ? start + i : width - 1) * rowBytes);
            }

            for (int k = 0; k < vectorised; k += columns)
            {
                // Each step prefetches for the rows whose share of a cache line it is: all rows if it reads a whole line.
                int steps = NativeBuffer.Alignment / TFormat.ElementSize / columns;
                byte** share = rows + (k / columns % steps * (group / steps));
                for (int i = 0; i < group / steps; i++)
                {
                    CachePrefetch.Line(share[i] + ((nint)k * TFormat.ElementSize) + PrefetchBytes);
                }

                if (typeof(TIsa) == typeof(Avx512Isa))
                {
                    PanelTranspose.Rows16<TFormat>(rows, k, target + ((nint)k * padded) + start, padded);
                }
                else
                {
                    PanelTranspose.Rows8<TFormat>(rows, k, target + ((nint)k * padded) + start, padded);
                }
            }
        }

        for (int k = vectorised; k < depth; k++)
        {
            for (int i = 0; i < padded; i++)
            {
                target[((nint)k * padded) + i] = Element<TFormat>(source + ((i < width ? i : width - 1) * rowBytes), k);
            }
        }
    }

    private static float Element<TFormat>(byte* row, nint column)
        where TFormat : struct, IStorageFormat => typeof(TFormat) == typeof(BFloat16Storage)
            ? DTypes.WidenBFloat16(((ushort*)row)[column])
            : ((float*)row)[column];
}
