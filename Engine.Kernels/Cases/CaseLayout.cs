namespace Engine.Kernels.Cases;

/// <summary>Where the operands of a case lie in one block of memory: guard, elements with row gaps, guard, and so on.</summary>
internal sealed class CaseLayout
{
    /// <summary>Bytes before and after every operand that nobody may touch.</summary>
    private const int GuardBytes = 2 * NativeBuffer.Alignment;

    private readonly OpCase _case;
    private readonly DType _computeType;
    private readonly long[] _offsets;

    public CaseLayout(OpCase opCase, DType computeType)
    {
        _case = opCase;
        _computeType = computeType;
        _offsets = new long[opCase.Operands.Count];
        long end = 0;
        for (int i = 0; i < _offsets.Length; i++)
        {
            OperandSpec operand = opCase.Operands[i];
            int size = DTypeOf(operand).SizeInBytes();
            _offsets[i] = end + GuardBytes + (opCase.Unaligned ? size : 0);
            end = AlignUp(_offsets[i] + ((long)operand.Shape.Rows * RowStride(operand) * size) + GuardBytes);
        }

        ByteLength = checked((int)end);
    }

    public int ByteLength { get; }

    /// <summary>The operands in a block that starts at the given byte of a buffer.</summary>
    public CaseOperands Bind(TensorBuffer buffer, long start)
    {
        TensorRef[] tensors = new TensorRef[_offsets.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            OperandSpec operand = _case.Operands[i];
            tensors[i] = new TensorRef(
                buffer, start + _offsets[i], DTypeOf(operand), operand.Shape, RowStride(operand), operand.Name);
        }

        return new CaseOperands(_case.Operands, tensors);
    }

    /// <summary>The operand whose memory, guards and gaps included, holds a byte of the block.</summary>
    public OperandSpec OwnerOf(long position)
    {
        int i = _offsets.Length - 1;
        while (i > 0 && _offsets[i] - GuardBytes > position)
        {
            i--;
        }

        return _case.Operands[i];
    }

    private static int RowStride(OperandSpec operand) => operand.Shape.Columns + operand.RowGap;

    private static long AlignUp(long bytes) => (bytes + NativeBuffer.Alignment - 1) / NativeBuffer.Alignment * NativeBuffer.Alignment;

    private DType DTypeOf(OperandSpec operand) => operand.Stored ?? _computeType;
}
