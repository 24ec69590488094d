namespace Engine.Kernels.Device;

/// <summary>Arguments of all kernels that compute epilogue(A B), from the naive one to the tiled ones.</summary>
internal struct GemmKernelArgs
{
    /// <summary>op(A): its rows are those of C.</summary>
    public GemmOperand A;

    /// <summary>op(B) transposed: its rows are the columns of C.</summary>
    public GemmOperand B;

    /// <summary>What becomes of the sums.</summary>
    public GemmEpilogue Epilogue;

    /// <summary>Length of the inner products.</summary>
    public int Depth;

    /// <summary>How many k one slice sums up. Slice i is written <see cref="SliceElements"/> * i elements behind the first one.</summary>
    public int SliceDepth;

    /// <summary>Elements from one slice's results to the next one's.</summary>
    public long SliceElements;
}
