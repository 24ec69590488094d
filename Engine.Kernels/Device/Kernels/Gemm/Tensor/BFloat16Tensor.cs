namespace Engine.Kernels.Device;

/// <summary>
/// BF16 operands, m16n8k16. Fragments are 8 x 8 matrices read by ldmatrix.trans: lane 8 j + r gives the address of row r, a k, of matrix j.
/// The eight k of a matrix are permuted to the eight groups of four banks.
/// </summary>
internal readonly struct BFloat16Tensor : ITensorFormat
{
    public static string Name => "bf16";

    public static int ElementBytes => 2;

    public static int Swizzle(int k) => k & 7;

    /// <summary>Matrices: rows 0 to 7 and 8 to 15 of the first eight k, then the same of the others.</summary>
    public static int OffsetA(int lane, int row, int tileRows) =>
        Offset((lane & 7) + (((lane >> 4) & 1) << 3), (row >> 3) + ((lane >> 3) & 1), tileRows);

    /// <summary>Matrices: the first eight k and the others of rows 0 to 7, then the same of rows 8 to 15.</summary>
    public static int OffsetB(int lane, int row, int tileRows) =>
        Offset((lane & 7) + (((lane >> 3) & 1) << 3), (row >> 3) + (lane >> 4), tileRows);

    private static int Offset(int k, int chunk, int tileRows) =>
        (k * tileRows * ElementBytes) + ((chunk ^ Swizzle(k)) * TensorGemm.ChunkBytes);
}
