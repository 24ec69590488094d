namespace Engine.Kernels.Reference;

/// <summary>Reads and writes a contiguous I32 operand; every index that is read is checked against its range.</summary>
internal readonly unsafe struct Indices
{
    private readonly TensorRef _tensor;
    private readonly int* _address;

    public Indices(in TensorRef tensor)
    {
        _tensor = tensor;
        _address = (int*)HostAddress.Of(tensor);
    }

    public int this[long position]
    {
        get => _address[position];
        set => _address[position] = value;
    }

    /// <summary>The index at a position, which must lie in 0 .. count - 1.</summary>
    /// <exception cref="OperandException">It does not.</exception>
    public int Below(int count, long position)
    {
        int index = _address[position];
        return (uint)index < (uint)count
            ? index
            : throw new OperandException($"Operand {_tensor}: element {position} is {index}, expected 0 to {count - 1}.");
    }
}
