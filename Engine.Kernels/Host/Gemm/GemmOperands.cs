namespace Engine.Kernels.Host;

/// <summary>A checked matrix product as addresses and sizes. op(A) is [M, K], op(B) is [K, N]; strides are in floats.</summary>
internal unsafe struct GemmOperands
{
    public float* A;
    public nint AStride;
    public bool TransposeA;
    public float* B;
    public nint BStride;
    public bool TransposeB;
    public int M;
    public int N;
    public int K;
    public GemmEpilogue Epilogue;
}
