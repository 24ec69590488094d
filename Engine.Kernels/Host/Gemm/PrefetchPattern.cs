using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// One address to prefetch per k of the micro-kernel: the columns that are packed next travel to the cache while the arithmetic of the
/// present ones goes on. Addresses step through a group of rows first, then along them.
/// </summary>
internal readonly unsafe struct PrefetchPattern
{
    /// <summary>Bytes per cache line.</summary>
    public const int Line = NativeBuffer.Alignment;

    /// <summary>Rows of a group that <see cref="AlongRows"/> covers.</summary>
    public const int Rows = 1 << RowBits;

    private const int RowBits = 4;

    private readonly byte* _start;
    private readonly nint _rowBytes;
    private readonly int _rowMask;
    private readonly int _rowBits;

    private PrefetchPattern(byte* start, nint rowBytes, int rowBits)
    {
        _start = start;
        _rowBytes = rowBytes;
        _rowBits = rowBits;
        _rowMask = (int)((1L << rowBits) - 1);
    }

    /// <summary>The same line at every k: harmless anywhere that is in the cache already.</summary>
    public static PrefetchPattern Nothing(byte* near) => new(near, 0, 31);

    /// <summary>One line in each of as many rows as there are k.</summary>
    public static PrefetchPattern DownRows(byte* start, nint rowBytes) => new(start, rowBytes, 31);

    /// <summary>The lines of sixteen rows, column after column.</summary>
    public static PrefetchPattern AlongRows(byte* start, nint rowBytes) => new(start, rowBytes, RowBits);

    /// <summary>What to prefetch at step k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Address(int k) => _start + ((k & _rowMask) * _rowBytes) + ((k >> _rowBits) * Line);
}
