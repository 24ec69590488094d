namespace Engine.Kernels.Host;

/// <summary>A checked matrix product as addresses and sizes. op(A) is [M, K], op(B) is [K, N]; strides are in elements.</summary>
internal unsafe struct GemmOperands
{
    public float* A;
    public nint AStride;
    public bool TransposeA;
    public StoredOperand B;
    public nint BStride;
    public bool TransposeB;
    public int M;
    public int N;
    public int K;
    public GemmEpilogue Epilogue;

    /// <summary>Bytes from one stored row of B to the next.</summary>
    public readonly nint BRowBytes => BStride * B.DType.SizeInBytes();

    /// <summary>First byte of an element of B, by stored row and column.</summary>
    public readonly byte* ElementOfB(nint row, nint column) => B.At((row * BStride) + column).Address;
}
