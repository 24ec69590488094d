using System;

namespace Engine.PtxInterpreter;


/// <summary>
/// ldmatrix and stmatrix: 8 x 8 matrices of 16-bit elements. Lane 8 m + r gives the address of row r of matrix m, and each lane holds two
/// neighbouring elements of row lane / 4 (of column lane / 4 with .trans).
/// </summary>
internal sealed class MatrixAccess
{
    /// <summary>Bytes of a row.</summary>
    public const int RowBytes = 16;

    private const int Rows = 8;
    private const int LanesOfRow = 4;
    private const int ElementBytes = 2;

    /// <summary>The access of each row.</summary>
    public required MemoryAccess Memory { get; init; }

    /// <summary>The addresses of the rows.</summary>
    public required AddressSource Address { get; init; }

    /// <summary>The slots of the matrices.</summary>
    public required int[] Fragments { get; init; }

    /// <summary>Whether rows in memory are columns of the matrices.</summary>
    public required bool Transposed { get; init; }

    /// <summary>ldmatrix.</summary>
    public void Load(Warp warp, uint lanes)
    {
        MatrixMultiply.RequireWholeWarp(warp, lanes);
        Span<ulong> addresses = stackalloc ulong[Warp.Lanes];
        Span<byte> matrix = stackalloc byte[Rows * RowBytes];
        Address.CopyTo(addresses, warp);
        for (int m = 0; m < Fragments.Length; m++)
        {
            for (int row = 0; row < Rows; row++)
            {
                int lane = (m * Rows) + row;
                Memory.Read(warp, lane, addresses[lane]).CopyTo(matrix[(row * RowBytes)..]);
            }

            Span<ulong> fragment = warp.Slot(Fragments[m]);
            for (int lane = 0; lane < Warp.Lanes; lane++)
            {
                fragment[lane] = RawBytes.Load(matrix.Slice(Offset(lane, 0), ElementBytes))
                    | RawBytes.Load(matrix.Slice(Offset(lane, 1), ElementBytes)) << 16;
            }
        }

        Count(warp, addresses);
    }

    /// <summary>stmatrix.</summary>
    public void Store(Warp warp, uint lanes)
    {
        MatrixMultiply.RequireWholeWarp(warp, lanes);
        Span<ulong> addresses = stackalloc ulong[Warp.Lanes];
        Span<byte> matrix = stackalloc byte[Rows * RowBytes];
        Address.CopyTo(addresses, warp);
        for (int m = 0; m < Fragments.Length; m++)
        {
            ReadOnlySpan<ulong> fragment = warp.Slot(Fragments[m]);
            for (int i = 0; i < 2 * Warp.Lanes; i++)
            {
                RawBytes.Store(matrix.Slice(Offset(i / 2, i % 2), ElementBytes), fragment[i / 2] >> (16 * (i % 2)));
            }

            for (int row = 0; row < Rows; row++)
            {
                int lane = (m * Rows) + row;
                Memory.Write(warp, lane, addresses[lane], matrix.Slice(row * RowBytes, RowBytes));
            }
        }

        Count(warp, addresses);
    }

    // Where a lane's lower or upper element lies in a matrix.
    private int Offset(int lane, int half)
    {
        int line = lane / LanesOfRow;
        int along = (lane % LanesOfRow * 2) + half;
        return Transposed ? (along * RowBytes) + (line * ElementBytes) : (line * RowBytes) + (along * ElementBytes);
    }

    // Without .shared the addresses are generic, but they lie in shared memory all the same.
    private void Count(Warp warp, ReadOnlySpan<ulong> addresses) =>
        warp.Counters?.CountShared(addresses, (uint)((1UL << (Fragments.Length * Rows)) - 1), RowBytes);
}
