namespace Engine.Kernels.Device;

/// <summary>
/// F32 operands, rounded to TF32 in registers, m16n8k8. ldmatrix transposes elements of two bytes only, so each lane loads its own: row
/// lane / 4 of k = lane % 4. Four k of eight rows are read at a time; the four are permuted to different quarters of the banks.
/// </summary>
internal readonly struct TensorFloat32Tensor : ITensorFormat
{
    public static string Name => "tf32";

    public static int ElementBytes => 4;

    public static int Swizzle(int k) => (k & 3) << 1;

    public static int OffsetA(int lane, int row, int tileRows) => Offset(lane & 3, row + (lane >> 2), tileRows);

    public static int OffsetB(int lane, int row, int tileRows) => Offset(lane & 3, row + (lane >> 2), tileRows);

    private static int Offset(int k, int row, int tileRows) =>
        (k * tileRows * ElementBytes) + (((row >> 2) ^ Swizzle(k)) * TensorGemm.ChunkBytes) + ((row & 3) * ElementBytes);
}
