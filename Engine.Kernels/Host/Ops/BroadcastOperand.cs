namespace Engine.Kernels.Host;

/// <summary>The scalars of <see cref="BroadcastProduct{TIsa, TVector}"/>: element [r, k] is at Address + r Row + k Step.</summary>
internal readonly unsafe struct BroadcastOperand
{
    private BroadcastOperand(float* address, nint row, nint step)
    {
        Address = address;
        Row = row;
        Step = step;
    }

    public float* Address { get; }

    public nint Row { get; }

    public nint Step { get; }

    /// <summary>The matrix as it is.</summary>
    public static BroadcastOperand Of(HeadMatrix matrix) => new(matrix.Address, matrix.Stride, 1);

    /// <summary>The matrix transposed.</summary>
    public static BroadcastOperand Transposed(HeadMatrix matrix) => new(matrix.Address, 1, matrix.Stride);
}
