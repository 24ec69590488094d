namespace Engine.Kernels.Reference;

/// <summary>Where the elements of a tensor lie.</summary>
internal static unsafe class HostAddress
{
    /// <summary>Address of the first element.</summary>
    /// <exception cref="OperandException">The tensor is not in memory that the processor can address.</exception>
    public static byte* Of(in TensorRef tensor) => tensor.Buffer is HostMemory memory
        ? memory.Address + tensor.ByteOffset
        : throw new OperandException(
            $"The reference backend reads host memory, found {tensor} in {tensor.Buffer?.GetType().Name ?? "nothing"}.");
}
