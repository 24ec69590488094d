namespace Engine.Kernels.Host;

/// <summary>A stored tensor as an unmanaged job sees it.</summary>
internal readonly unsafe struct StoredOperand
{
    /// <summary>Streams that the hardware prefetchers follow at a time.</summary>
    public const int GroupSize = 8;

    public StoredOperand(byte* address, DType dtype)
    {
        Address = address;
        DType = dtype;
    }

    /// <summary>First byte of element 0; at any byte.</summary>
    public byte* Address { get; }

    /// <summary>F32, F16 or BF16.</summary>
    public DType DType { get; }

    /// <summary>The same tensor from another element on.</summary>
    public StoredOperand At(nint element) => new(Address + (element * DType.SizeInBytes()), DType);

    /// <summary>End of the group that begins at <paramref name="first"/>: operands of one dtype, at most <see cref="GroupSize"/>.</summary>
    public static int GroupEnd(StoredOperand* operands, int first, int count)
    {
        int end = first + 1;
        while (end < count && end - first < GroupSize && operands[end].DType == operands[first].DType)
        {
            end++;
        }

        return end;
    }
}
